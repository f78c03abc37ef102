package io.deltapress.format.artifact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.deltapress.format.mask.KeepProbability;
import io.deltapress.format.tensor.DType;
import io.deltapress.format.tensor.Shape;
import io.deltapress.format.tensor.TensorInfo;
import io.deltapress.format.tensor.WeightsDigest;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsTest {

  @ParameterizedTest
  @ValueSource(doubles = {0, -1, Double.NaN, Double.POSITIVE_INFINITY, 1e39, 1e-50})
  void shouldRefuseRescaleFactorWhenBinary32CannotDivideByIt(double rescale) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Workbench.settings(Method.DAREX_Q, 0.9, rescale, ValueCode.EXACT))
        .withMessage(
            "rescale factor %s is not a positive number within the range of binary32", rescale);
  }

  @Test
  void shouldKnowDefaultFactorWhenMethodHasOne() {
    assertThat(CompressionSettings.defaultRescale(Method.DARE, 0.75)).hasValue(0.25);
    assertThat(CompressionSettings.defaultRescale(Method.DARE, 1)).hasValue(1);
    assertThat(CompressionSettings.defaultRescale(Method.MAGNITUDE, 0.75)).hasValue(1);
    assertThat(CompressionSettings.defaultRescale(Method.DAREX_Q, 0.75)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "*, anything, true",
    "*.weight, a.weight, true",
    "*.weight, a.weights, false",
    "model.*.q_proj.*, model.layers.0.q_proj.weight, true",
    "layer.?, layer.1, true",
    "layer.?, layer.12, false",
    "*a*a*a*a*b, aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa, false",
    "a[0], a[0], true",
    "'', '', true",
    "'', a, false",
  })
  void shouldMatchGlobWhenNameFits(String glob, String name, boolean expected) {
    assertThat(NameFilter.matches(glob, name)).isEqualTo(expected);
  }

  @Test
  void shouldReadHeaderBackWhenItWasWritten() throws Exception {
    // Given
    ArtifactHeader header =
        new ArtifactHeader(
            new WeightsDigest("0f".repeat(32)),
            Method.DAREX_Q,
            MaskKind.SEEDED,
            new KeepProbability(42_949_673),
            0.0123,
            -1,
            ValueCode.INT4);
    // When
    var metadata = header.metadata();
    // Then
    assertThat(ArtifactHeader.parse(Path.of("f"), metadata)).isEqualTo(header);
    assertThat(metadata)
        .containsEntry("format", "deltapress-delta")
        .containsEntry("format_version", "1")
        .containsEntry("method", "darex-q")
        .containsEntry("mask", "dp-mask-1")
        .containsEntry("keep", "42949673")
        .containsEntry("rescale", "0x1.930be0ded288dp-7")
        .containsEntry("seed", "ffffffffffffffff")
        .containsEntry("values", "int4");
  }

  @Test
  void shouldReadEntryBackWhenItWasWritten() {
    // Given
    String sha256 = "ab".repeat(32);
    TensorInfo info = new TensorInfo("w", DType.BF16, Shape.of(2, 3));
    TensorEntry entry = new TensorEntry(TensorEntry.Kind.PRUNED, info, 4, sha256, sha256);
    // When
    String line = entry.line();
    // Then
    assertThat(line).isEqualTo("pruned BF16 [2,3] 4 " + sha256 + " " + sha256);
    assertThat(TensorEntry.parse("w", line)).contains(entry);
  }

  @Test
  void shouldRefuseEntryWhenItIsNotConsistent() {
    // Given
    String sha256 = "ab".repeat(32);
    List<String> lines =
        List.of(
            "pruned BF16 [2,3] 7 " + sha256 + " " + sha256,
            "pruned I64 [2,3] 4 " + sha256 + " " + sha256,
            "pruned BF16 [2,3] 4 - " + sha256,
            "pruned BF16 [2,3] 04 " + sha256 + " " + sha256,
            "whole BF16 [2,3] 1 " + sha256 + " " + sha256,
            "whole BF16 [2,,3] 0 " + sha256 + " " + sha256,
            "whole BF16 [999999999999999,999999999999999] 0 " + sha256 + " " + sha256,
            "removed BF16 [2,3] 0 " + sha256 + " " + sha256,
            "moved BF16 [2,3] 0 " + sha256 + " " + sha256,
            "whole BF17 [2,3] 0 " + sha256 + " " + sha256,
            "");
    for (String line : lines) {
      // When
      var entry = TensorEntry.parse("w", line);
      // Then
      assertThat(entry).as(line).isEmpty();
    }
  }
}
