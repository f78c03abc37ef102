package io.deltapress.format.artifact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.deltapress.format.BadInputException;
import io.deltapress.format.mask.KeepProbability;
import io.deltapress.format.tensor.DType;
import io.deltapress.format.tensor.Shape;
import io.deltapress.format.tensor.TensorInfo;
import io.deltapress.format.tensor.WeightsDigest;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.StringLength;
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
            RescaleFactors.of(0.0123, Map.of("größe", 0.5)),
            -1,
            ValueCode.INT4,
            List.of("*.\"a\".*", "b?"),
            List.of("*c"),
            new TreeMap<>(Map.of("selection", "{\"p\": 0.99}", "made.by", "")));
    // When
    Map<String, String> metadata = new TreeMap<>(header.metadata());
    metadata.putAll(header.metadataOf("größe"));
    metadata.putAll(header.metadataOf("other"));
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
        .containsEntry("values", "int4")
        .containsEntry("rescale/größe", "0x1.0p-1")
        .containsEntry("include", "[\"*.\\\"a\\\".*\",\"b?\"]")
        .containsEntry("exclude", "[\"*c\"]")
        .containsEntry("note/selection", "{\"p\": 0.99}")
        .containsEntry("note/made.by", "")
        .hasSize(14);
  }

  @Property(tries = 200)
  void shouldReadHeaderBackWhateverItHolds(
      @ForAll List<String> include,
      @ForAll List<String> exclude,
      @ForAll Map<@AlphaChars @StringLength(min = 1, max = 8) String, String> notes,
      @ForAll Map<String, @DoubleRange(min = 0.01, max = 100) Double> factors,
      @ForAll long seed)
      throws BadInputException {
    // Given
    ArtifactHeader header =
        new ArtifactHeader(
            new WeightsDigest("0f".repeat(32)),
            Method.STRUCTURAL,
            MaskKind.STRUCTURAL,
            new KeepProbability(seed & 0xFFFF_FFFFL),
            RescaleFactors.of(0.001, factors),
            seed,
            ValueCode.F16,
            include,
            exclude,
            new TreeMap<>(notes));
    // When
    Map<String, String> metadata = new TreeMap<>(header.metadata());
    factors.keySet().forEach(tensor -> metadata.putAll(header.metadataOf(tensor)));
    // Then
    assertThat(ArtifactHeader.parse(Path.of("f"), metadata)).isEqualTo(header);
  }

  @Test
  void shouldWriteNothingOfWhatWasNotAskedForWhenSettingsArePlain() {
    // Given
    CompressionSettings settings = CompressionSettings.builder(Method.DARE, 0.75).build();
    // When
    var metadata = ArtifactHeader.of(new WeightsDigest("0f".repeat(32)), settings).metadata();
    // Then: the fields of the first release
    assertThat(metadata)
        .containsOnlyKeys(
            "format",
            "format_version",
            "parent",
            "method",
            "mask",
            "keep",
            "rescale",
            "seed",
            "values");
    assertThat(metadata).containsEntry("rescale", "0x1.0p-2").containsEntry("values", "exact");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "include | [\"a\", 1] | has the metadata field include = '[\"a\", 1]', which is not valid",
        "exclude | [\"a\"     | has the metadata field exclude = '[\"a\"', which is not valid",
        "exclude | [\"a\"] [] | has the metadata field exclude = '[\"a\"] []', which is not valid",
        "exclude | {}         | has the metadata field exclude = '{}', which is not valid",
        "rescale | 0x0.0p0    | has the metadata field rescale = '0x0.0p0', which is not valid",
        "rescale/a | 0.5      | tensor 'a': its rescale factor '0.5' is not valid",
        "rescale/a | 0x0.0p0  | tensor 'a': its rescale factor '0x0.0p0' is not valid",
        "rescale/a | -0x1.0p0 | tensor 'a': its rescale factor '-0x1.0p0' is not valid",
        "rescale/a | 0x1.0p500 | tensor 'a': its rescale factor '0x1.0p500' is not valid",
      })
  void shouldSayWhatIsWrongWhenAFieldIsNotValid(String key, String value, String rule) {
    // Given
    CompressionSettings settings = CompressionSettings.builder(Method.DARE, 0.75).build();
    Map<String, String> metadata =
        ArtifactHeader.of(new WeightsDigest("0f".repeat(32)), settings).metadata();
    // When
    metadata.put(key, value);
    // Then
    assertThatExceptionOfType(BadInputException.class)
        .isThrownBy(() -> ArtifactHeader.parse(Path.of("f"), metadata))
        .withMessage("f: " + rule);
  }

  @Test
  void shouldHaveDefaultsWhenOnlyMethodAndPruneRateAreGiven() {
    // When
    CompressionSettings settings = CompressionSettings.builder(Method.DARE, 0.9).build();
    // Then
    assertThat(settings)
        .isEqualTo(
            new CompressionSettings(
                Method.DARE,
                0.9,
                RescaleFactors.of(1 - 0.9),
                0,
                ValueCode.EXACT,
                List.of(),
                List.of(),
                InputNorms.none(),
                new TreeMap<>()));
    assertThat(settings.toBuilder().build()).isEqualTo(settings);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> CompressionSettings.builder(Method.DAREX_Q, 0.9).build())
        .withMessage("method darex-q needs a rescale factor");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> CompressionSettings.builder(Method.DARE, 1.5).build())
        .withMessage("prune rate 1.5 is not between 0 and 1");
  }

  @Test
  void shouldRefuseNoteWhenItsKeyOrLengthIsOutOfBounds() {
    // Given
    CompressionSettings.Builder builder = CompressionSettings.builder(Method.DARE, 0.9);
    // When
    String tooLong = "x".repeat(Notes.MAX_CHARACTERS + 1);
    // Then
    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder.note("Not/a key", "").build())
        .withMessage("'Not/a key' is no key of a note");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> CompressionSettings.builder(Method.DARE, 0.9).note("long", tooLong).build())
        .withMessage("the note long is longer than 1048576 characters");
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
