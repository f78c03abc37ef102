package io.deltapress.format.artifact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.deltapress.format.BadInputException;
import io.deltapress.format.tensor.Checkpoint;
import io.deltapress.format.tensor.Checkpoints;
import io.deltapress.format.tensor.DType;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RescaleFactorsTest {
  private static final RescaleFactors FACTORS =
      RescaleFactors.of(0.25, Map.of("b", 0.5, "c", 0.25, "absent", 0.75));

  @TempDir Path directory;
  private Workbench bench;

  @BeforeEach
  void begin() {
    bench = new Workbench(directory);
  }

  private static Pair pair() {
    return new Pair(5)
        .weights("a", DType.BF16, 40, 40)
        .weights("b", DType.F32, 40, 40)
        .weights("c", DType.BF16, 40, 40);
  }

  private static CompressionSettings settings(RescaleFactors factors, ValueCode values) {
    return CompressionSettings.builder(Method.DAREX_Q, 0.5)
        .rescale(factors)
        .values(values)
        .note("selection", "why")
        .build();
  }

  @ParameterizedTest
  @EnumSource(names = {"EXACT", "INT8"})
  void shouldDivideEachTensorByItsOwnFactorWhenItHasOne(ValueCode values) throws Exception {
    // Given
    bench.compress(pair(), settings(RescaleFactors.of(0.25), values), "common.safetensors", 1);
    bench.compress(pair(), settings(RescaleFactors.of(0.5), values), "own.safetensors", 1);
    bench.apply("base.safetensors", "common.safetensors", "common-result.safetensors");
    bench.apply("base.safetensors", "own.safetensors", "own-result.safetensors");
    // When
    bench.compress(pair(), settings(FACTORS, values));
    bench.apply("base.safetensors", "delta.safetensors", "result.safetensors");
    // Then
    var result = bench.read("result.safetensors");
    assertThat(result.get("a")).isEqualTo(bench.read("common-result.safetensors").get("a"));
    assertThat(result.get("b")).isEqualTo(bench.read("own-result.safetensors").get("b"));
    assertThat(result.get("b")).isNotEqualTo(bench.read("common-result.safetensors").get("b"));
    assertThat(result.get("c")).isEqualTo(bench.read("common-result.safetensors").get("c"));
  }

  @Test
  void shouldKeepFactorWithItsTensorWhenArtifactIsSharded() throws Exception {
    // When
    bench.compress(pair(), settings(FACTORS, ValueCode.EXACT), "sharded", 1);
    // Then: only what differs and belongs to the file, and all of it in the header of the whole
    assertThat(factorFields("sharded/model-00001-of-00003.safetensors")).isEmpty();
    assertThat(factorFields("sharded/model-00002-of-00003.safetensors"))
        .containsExactly("rescale/b=0x1.0p-1");
    assertThat(factorFields("sharded/model-00003-of-00003.safetensors")).isEmpty();
    try (DeltaArtifact artifact = DeltaArtifact.open(bench.path("sharded"))) {
      assertThat(artifact.header().rescale()).isEqualTo(RescaleFactors.of(0.25, Map.of("b", 0.5)));
      assertThat(artifact.header().notes()).containsExactly(Map.entry("selection", "why"));
    }
  }

  @Test
  void shouldHandFactorsOnWhenUndoFileIsWritten() throws Exception {
    // Given
    bench.compress(pair(), settings(FACTORS, ValueCode.BF16));
    bench.applyWithUndo(
        "base.safetensors", "delta.safetensors", "result.safetensors", "undo.safetensors");
    // When
    bench.apply("result.safetensors", "undo.safetensors", "restored.safetensors");
    // Then
    assertThat(bench.read("restored.safetensors")).containsExactlyEntriesOf(pair().base);
    assertThat(factorFields("undo.safetensors")).containsExactly("rescale/b=0x1.0p-1");
  }

  @Test
  void shouldRefuseArtifactWhenFactorBelongsToNoPrunedTensor() throws Exception {
    // Given: the entry of b is renamed by a forger, its factor is not
    bench.compress(pair(), settings(FACTORS, ValueCode.EXACT));
    Path file = bench.path("delta.safetensors");
    String text = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
    String forged = text.replace("\"rescale/b\"", "\"rescale/x\"");
    Files.write(file, forged.getBytes(StandardCharsets.ISO_8859_1));
    // When
    var failure =
        assertThatExceptionOfType(BadInputException.class)
            .isThrownBy(() -> DeltaArtifact.open(file));
    // Then
    failure.withMessage(
        "%s: tensor 'x': has a rescale factor, but no entry of a pruned tensor", file);
  }

  @Test
  void shouldRefuseFactorWhenBinary32CannotDivideByIt() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RescaleFactors.of(1, Map.of("a", 1e-50)))
        .withMessage(
            "rescale factor 1.0E-50 is not a positive number within the range of binary32");
  }

  private List<String> factorFields(String file) throws IOException {
    try (Checkpoint opened = Checkpoints.open(bench.path(file))) {
      return opened.metadata().entrySet().stream()
          .filter(field -> field.getKey().startsWith("rescale/"))
          .map(field -> field.getKey() + "=" + field.getValue())
          .sorted()
          .toList();
    }
  }
}
