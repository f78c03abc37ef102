package io.deltapress.format.artifact;

import static org.assertj.core.api.Assertions.assertThat;

import io.deltapress.format.delta.LinearInput;
import io.deltapress.format.delta.LinearInput.Orientation;
import io.deltapress.format.tensor.DType;
import io.deltapress.format.tensor.Shape;
import io.deltapress.format.tensor.TensorInfo;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Artifacts of released versions stay readable, and today's bytes are those of the day they froze.
 */
class MuseumTest {
  @TempDir Path directory;
  private Workbench bench;

  @BeforeEach
  void begin() {
    bench = new Workbench(directory);
  }

  @ParameterizedTest
  @CsvSource({
    "DARE, EXACT, v1-dare-exact.safetensors",
    "DAREX_Q, BF16, v1-darex-q-bf16.safetensors",
    "MAGNITUDE, INT4, v1-magnitude-int4.safetensors",
    "STRUCTURAL, F16, v1-structural-f16.safetensors",
  })
  void shouldMakeFrozenBytesWhenInputIsTheSame(Method method, ValueCode values, String frozen)
      throws Exception {
    // When
    bench.compress(pair(), Workbench.settings(method, 0.75, 0.25, values));
    // Then
    assertThat(Files.readAllBytes(bench.path("delta.safetensors"))).isEqualTo(exhibit(frozen));
  }

  /** With whatever metadata an artifact can have. */
  private static CompressionSettings ownFactors() {
    return CompressionSettings.builder(Method.DAREX_Q, 0.75)
        .rescale(RescaleFactors.of(0.25, Map.of("blocks.0.weight", 0.3125)))
        .seed(7)
        .include(List.of("blocks.*"))
        .exclude(List.of("*.none"))
        .note("selection", "{\"why\": \"größe\"}")
        .build();
  }

  private static CompressionSettings wanda() {
    double[] norms = new double[32];
    Arrays.setAll(norms, input -> input * 11 % 13 / 4.0);
    return CompressionSettings.builder(Method.WANDA, 0.75)
        .seed(7)
        .values(ValueCode.INT8)
        .inputNorms(
            InputNorms.of(
                Map.of("blocks.0.weight", new LinearInput(Orientation.OUTPUT_INPUT, norms))))
        .build();
  }

  @Test
  void shouldMakeFrozenBytesWhenInputsWereMeasured() throws Exception {
    // When
    bench.compress(pair(), wanda());
    // Then
    assertThat(Files.readAllBytes(bench.path("delta.safetensors")))
        .isEqualTo(exhibit("v1-wanda-int8.safetensors"));
  }

  @Test
  void shouldMakeFrozenBytesWhenTensorsHaveTheirOwnFactors() throws Exception {
    // When
    bench.compress(pair(), ownFactors());
    // Then
    assertThat(Files.readAllBytes(bench.path("delta.safetensors")))
        .isEqualTo(exhibit("v1-rescale-exact.safetensors"));
  }

  @ParameterizedTest
  @CsvSource({
    "v1-dare-exact.safetensors, bd5bca3f403dcf4961e6401513b9cde0b6bda39ceddd1a53e57b0b33b1881bae",
    "v1-darex-q-bf16.safetensors, 0ec97346f0c8de08704eac3ff67cb3ee6163d0233e1faa3ba40f410fc2ec2a26",
    "v1-structural-f16.safetensors, 471cdf429043e62d787c7ed7ff1ec0e81f6956fe422dde92838e7d4abfdbecbd",
    "v1-rescale-exact.safetensors, f4ad1d92323150175092658c53ab4a0a4fedbe7d056c7a4ffe69be8fcad071f4",
    "v1-wanda-int8.safetensors, 023979f40caa520b1862acf24b9028f032a2801c703a3433ccdcfb923f96bb66",
    "v1-magnitude-int4.safetensors, 81f92cf35d797b014ec3a02375dabb8849d8af9983f7d80905ff9825cac83f38",
  })
  void shouldGiveFrozenResultWhenArtifactIsOld(String frozen, String result) throws Exception {
    // Given
    pair().writeBase(bench.path("base.safetensors")).close();
    Files.write(bench.path("delta.safetensors"), exhibit(frozen));
    // When
    ApplySummary summary = bench.apply("base.safetensors", "delta.safetensors", "out.safetensors");
    // Then
    assertThat(summary.result().hex()).isEqualTo(result);
  }

  @Test
  void shouldHaveAFixedAddressWhenBytesAreFrozen() throws Exception {
    // Given
    Files.write(bench.path("delta.safetensors"), exhibit("v1-dare-exact.safetensors"));
    // When
    try (DeltaArtifact artifact = DeltaArtifact.open(bench.path("delta.safetensors"))) {
      // Then
      assertThat(artifact.check().hex())
          .isEqualTo("f4f3ede23b18570056eb359be08064548b17a62160f702fd9c6c92095b1a0140");
    }
  }

  /** Made without a random generator, whose numbers could change between Java releases. */
  private static Pair pair() {
    Pair pair = new Pair(0);
    pair.tensor(
        new TensorInfo("blocks.0.weight", DType.BF16, Shape.of(24, 32)),
        Pair.bytes(DType.BF16, wave(768, 0)),
        Pair.bytes(DType.BF16, wave(768, 0.01)));
    pair.tensor(
        new TensorInfo("blocks.0.bias", DType.F32, Shape.of(32)),
        Pair.bytes(DType.F32, wave(32, 0)),
        Pair.bytes(DType.F32, wave(32, 0.002)));
    return pair.fineTuned(new TensorInfo("größe", DType.U8, Shape.of(3)), new byte[] {1, 2, 3});
  }

  private static double[] wave(int elements, double delta) {
    double[] values = new double[elements];
    for (int i = 0; i < elements; i++) {
      values[i] = (i * 37 % 101 - 50) / 512.0 + delta * (i * 53 % 89 - 44) / 44;
    }
    return values;
  }

  private static byte[] exhibit(String name) throws Exception {
    try (InputStream bytes = MuseumTest.class.getResourceAsStream(name)) {
      return bytes.readAllBytes();
    }
  }
}
