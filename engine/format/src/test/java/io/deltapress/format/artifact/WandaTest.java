package io.deltapress.format.artifact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.deltapress.format.BadInputException;
import io.deltapress.format.delta.LinearInput;
import io.deltapress.format.delta.LinearInput.Orientation;
import io.deltapress.format.tensor.DType;
import io.deltapress.format.tensor.Shape;
import io.deltapress.format.tensor.TensorInfo;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** WANDA from settings to result; deltas and norms are those of {@code OutputRowSelectionTest}. */
class WandaTest {
  private static final double[] NORMS = {Math.sqrt(3), 2, Math.sqrt(300)};

  @TempDir Path directory;
  private Workbench bench;

  @BeforeEach
  void begin() {
    bench = new Workbench(directory);
  }

  /** A layer in both layouts, with dyadic deltas near .5 -.1 .02 -.3 .4 .01; and a bias. */
  private static Pair pair() {
    return new Pair(1)
        .tensor(
            new TensorInfo("linear", DType.F32, Shape.of(2, 3)),
            Pair.bytes(DType.F32, new double[6]),
            Pair.bytes(DType.F32, 0.5, -0.125, 0.015625, -0.3125, 0.375, 0.0078125))
        .tensor(
            new TensorInfo("conv1d", DType.F32, Shape.of(3, 2)),
            Pair.bytes(DType.F32, new double[6]),
            Pair.bytes(DType.F32, 0.5, -0.3125, -0.125, 0.375, 0.015625, 0.0078125))
        .tensor(
            new TensorInfo("other", DType.F32, Shape.of(2, 3)),
            Pair.bytes(DType.F32, new double[6]),
            Pair.bytes(DType.F32, 0.5, -0.125, 0.015625, -0.3125, 0.375, 0.0078125));
  }

  private static CompressionSettings.Builder wanda(double pruneRate) {
    return CompressionSettings.builder(Method.WANDA, pruneRate)
        .inputNorms(
            InputNorms.of(
                Map.of(
                    "linear", new LinearInput(Orientation.OUTPUT_INPUT, NORMS),
                    "conv1d", new LinearInput(Orientation.INPUT_OUTPUT, NORMS))));
  }

  @ParameterizedTest
  @CsvSource({
    // One of three dropped in each row, where magnitude alone drops the two smallest of six.
    "0.34, '0.5 0 0.015625 -0.3125 0.375 0', '0.5 -0.125 0 -0.3125 0.375 0'",
    // Two of three, where magnitude keeps the two largest of six.
    "0.66, '0.5 0 0 0 0.375 0', '0.5 0 0 0 0.375 0'",
    "0.5, '0.5 0 0 0 0.375 0', '0.5 0 0 -0.3125 0.375 0'",
  })
  void shouldCompareWithinOutputRowsWhenNormsAreKnown(
      double pruneRate, String weighed, String byMagnitude) throws Exception {
    // When
    bench.compress(pair(), wanda(pruneRate).build());
    bench.apply("base.safetensors", "delta.safetensors", "result.safetensors");
    // Then
    assertThat(result("linear", 3, 1)).isEqualTo(weighed);
    assertThat(result("conv1d", 1, 2)).isEqualTo(weighed);
    assertThat(result("other", 3, 1)).isEqualTo(byMagnitude);
  }

  @Test
  void shouldRescaleWhenAskedForOnly() throws Exception {
    // When
    bench.compress(pair(), wanda(0.5).rescale(0.5).build());
    bench.apply("base.safetensors", "delta.safetensors", "result.safetensors");
    // Then
    assertThat(result("linear", 3, 1)).isEqualTo("1 0 0 0 0.75 0");
    try (DeltaArtifact artifact = DeltaArtifact.open(bench.path("delta.safetensors"))) {
      assertThat(artifact.header().method()).isEqualTo(Method.WANDA);
      assertThat(artifact.header().mask()).isEqualTo(MaskKind.STORED);
      assertThat(artifact.tensors().get("linear").kept()).isEqualTo(2);
    }
  }

  @Test
  void shouldPruneByMagnitudeWhenAnotherMethodIsGivenNorms() throws Exception {
    // When
    bench.compress(
        pair(),
        CompressionSettings.builder(Method.MAGNITUDE, 0.5)
            .inputNorms(wanda(0.5).build().inputNorms())
            .build());
    bench.apply("base.safetensors", "delta.safetensors", "result.safetensors");
    // Then: PAPERS A8, which keeps .5, -.3, .4
    assertThat(result("linear", 3, 1)).isEqualTo("0.5 0 0 -0.3125 0.375 0");
  }

  @ParameterizedTest
  @CsvSource({
    "OUTPUT_INPUT, 2, '[output, input]'",
    "INPUT_OUTPUT, 3, '[input, output]'",
  })
  void shouldNameTensorWhenNormsAreOfAnotherLayer(
      Orientation orientation, int inputs, String layout) {
    // Given
    CompressionSettings settings =
        CompressionSettings.builder(Method.WANDA, 0.5)
            .inputNorms(
                InputNorms.of(Map.of("other", new LinearInput(orientation, new double[inputs]))))
            .build();
    // When
    var failure =
        assertThatExceptionOfType(BadInputException.class)
            .isThrownBy(() -> bench.compress(pair(), settings));
    // Then
    failure.withMessage(
        "%s: tensor 'other': has the shape [2, 3], which is not %s of the %d inputs that were"
            + " measured; calibrate with this model",
        bench.path("tuned.safetensors"), layout, inputs);
    assertThat(bench.path("delta.safetensors")).doesNotExist();
  }

  /** The result of a tensor as rows of outputs, whichever way it lies. */
  private String result(String tensor, int outputStride, int inputStride) throws Exception {
    ByteBuffer bytes =
        ByteBuffer.wrap(bench.read("result.safetensors").get(tensor))
            .order(ByteOrder.LITTLE_ENDIAN);
    StringBuilder text = new StringBuilder();
    for (int output = 0; output < 2; output++) {
      for (int input = 0; input < 3; input++) {
        float value = bytes.getFloat(4 * (output * outputStride + input * inputStride));
        text.append(' ').append(Float.toString(value).replaceAll("\\.0$", ""));
      }
    }
    return text.substring(1);
  }
}
