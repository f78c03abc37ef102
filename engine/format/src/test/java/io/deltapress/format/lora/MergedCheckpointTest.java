package io.deltapress.format.lora;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deltapress.format.BadInputException;
import io.deltapress.format.ProgressListener;
import io.deltapress.format.artifact.CompressionSettings;
import io.deltapress.format.artifact.DeltaCompressor;
import io.deltapress.format.artifact.Method;
import io.deltapress.format.artifact.TensorScope;
import io.deltapress.format.artifact.Workbench;
import io.deltapress.format.delta.OnceRounded;
import io.deltapress.format.tensor.Checkpoint;
import io.deltapress.format.tensor.Checkpoints;
import io.deltapress.format.tensor.DType;
import io.deltapress.format.tensor.DigestCache;
import io.deltapress.format.tensor.TensorData;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class MergedCheckpointTest {
  private static final String INPUTS_FIRST =
      AdapterFiles.CONFIG.replace("}", ", \"fan_in_fan_out\": true}");

  @TempDir private Path directory;

  @ParameterizedTest
  @EnumSource(names = {"BF16", "F16", "F32", "F64"})
  void shouldAddTheScaledProductAndRoundOnce(DType dtype) throws IOException {
    // Given
    AdapterFiles base = new AdapterFiles().tensor("model.q.weight", dtype, 7, 5);
    AdapterFiles adapter = new AdapterFiles().layer("model.q", DType.BF16, 2, 5, 7);

    // When
    ByteBuffer merged = merged(base, adapter, AdapterFiles.CONFIG, "model.q.weight");

    // Then: alpha / r is 3
    double[] a = adapter.values.get(AdapterFiles.PREFIX + "model.q.lora_A.weight");
    double[] b = adapter.values.get(AdapterFiles.PREFIX + "model.q.lora_B.weight");
    double[] old = base.values.get("model.q.weight");
    double[] expected = new double[35];
    for (int i = 0; i < 35; i++) {
      double sum = 0;
      for (int k = 0; k < 2; k++) {
        sum += b[i / 5 * 2 + k] * a[k * 5 + i % 5];
      }
      expected[i] = old[i] + 3 * sum;
    }
    assertThat(merged).isEqualTo(once(dtype, expected));
  }

  @Test
  void shouldTransposeTheProductWhereMatricesAreStoredInputsFirst() throws IOException {
    // Given
    AdapterFiles base = new AdapterFiles().tensor("h.0.c.weight", DType.F32, 5, 7);
    AdapterFiles adapter = new AdapterFiles().layer("transformer.h.0.c", DType.F32, 2, 5, 7);

    // When: the base of GPT-2 lacks the prefix of the class with the head
    ByteBuffer merged = merged(base, adapter, INPUTS_FIRST, "h.0.c.weight");

    // Then
    double[] a = adapter.values.get(AdapterFiles.PREFIX + "transformer.h.0.c.lora_A.weight");
    double[] b = adapter.values.get(AdapterFiles.PREFIX + "transformer.h.0.c.lora_B.weight");
    double[] old = base.values.get("h.0.c.weight");
    double[] expected = new double[35];
    for (int input = 0; input < 5; input++) {
      for (int output = 0; output < 7; output++) {
        double sum = 0;
        for (int k = 0; k < 2; k++) {
          sum += a[k * 5 + input] * b[output * 2 + k];
        }
        expected[input * 7 + output] = old[input * 7 + output] + 3 * sum;
      }
    }
    assertThat(merged).isEqualTo(once(DType.F32, expected));
  }

  @Test
  void shouldGiveTheSameBytesHoweverTheyAreAskedFor() throws IOException {
    // Given: more elements than a block
    AdapterFiles base = new AdapterFiles().tensor("q.weight", DType.F32, 300, 301);
    AdapterFiles files = new AdapterFiles().layer("q", DType.F32, 2, 301, 300);
    try (Checkpoint opened = open(base);
        Checkpoint merged = FineTunes.open(opened, write(files, AdapterFiles.CONFIG))) {
      TensorData data = merged.data("q.weight");
      byte[] whole = new byte[300 * 301 * 4];
      data.copyTo(0, whole, 0, whole.length);
      SplittableRandom random = new SplittableRandom(1);
      for (int round = 0; round < 200; round++) {
        int at = random.nextInt(whole.length);
        int length = random.nextInt(Math.min(whole.length - at, 5000));

        // When
        ByteBuffer slice = data.slice(at, length);

        // Then
        assertThat(slice).isEqualTo(ByteBuffer.wrap(whole, at, length));
      }
      int[] words = new int[300 * 301 - 1];
      data.copyTo(4, words, 0, words.length);
      assertThat(words[words.length - 1]).isEqualTo(data.slice(whole.length - 4, 4).getInt());
    }
  }

  @Test
  void shouldCarryWholeTensorsAndLeaveTheRestAsItIs() throws IOException {
    // Given
    AdapterFiles base =
        new AdapterFiles()
            .tensor("bert.q.weight", DType.BF16, 3, 2)
            .tensor("bert.norm.weight", DType.BF16, 2)
            .tensor("classifier.weight", DType.BF16, 2, 2);
    AdapterFiles adapter =
        new AdapterFiles()
            .layer("bert.q", DType.F32, 2, 2, 3)
            .tensor(AdapterFiles.PREFIX + "classifier.weight", DType.F32, 2, 2)
            .tensor(AdapterFiles.PREFIX + "score.weight", DType.F32, 2);
    try (Checkpoint opened = open(base);
        // When
        Checkpoint merged = FineTunes.open(opened, write(adapter, AdapterFiles.CONFIG))) {

      // Then
      assertThat(merged.tensors().keySet())
          .containsExactly(
              "bert.norm.weight", "bert.q.weight", "classifier.weight", "score.weight");
      assertThat(merged.tensors().get("classifier.weight").dtype()).isEqualTo(DType.F32);
      assertThat(merged.data("classifier.weight").slice(0, 16))
          .isEqualTo(
              AdapterFiles.bytes(
                  DType.F32, adapter.values.get(AdapterFiles.PREFIX + "classifier.weight")));
      assertThat(merged.data("bert.norm.weight").slice(0, 4))
          .isEqualTo(opened.data("bert.norm.weight").slice(0, 4));
      assertThat(merged.files())
          .containsExactly(directory.resolve("adapter/adapter_model.safetensors").toRealPath());
    }
  }

  @Test
  void shouldBeCompressedAsTheDeltaOfTheMergedWeights() throws IOException {
    // Given
    AdapterFiles base =
        new AdapterFiles().tensor("model.q.weight", DType.BF16, 40, 30).tensor("n", DType.BF16, 9);
    AdapterFiles adapter = new AdapterFiles().layer("model.q", DType.F32, 2, 30, 40);
    Workbench bench = new Workbench(directory);
    DigestCache cache = bench.cache();
    String merged;
    try (Checkpoint opened = open(base);
        Checkpoint tuned = FineTunes.open(opened, write(adapter, AdapterFiles.CONFIG))) {
      merged = cache.weightsDigest(tuned, ProgressListener.none()).hex();

      // When: nothing is dropped
      new DeltaCompressor(cache)
          .compress(
              opened,
              tuned,
              CompressionSettings.builder(Method.DARE, 0).build(),
              directory.resolve("delta.safetensors"),
              Long.MAX_VALUE,
              ProgressListener.none());
    }

    // Then
    assertThat(
            bench
                .apply("base.safetensors", "delta.safetensors", "result.safetensors")
                .result()
                .hex())
        .isEqualTo(merged);
  }

  @Test
  void shouldBePrunedWhereTheFamilyOfItsBaseIs() throws IOException {
    // Given
    Path base = Files.createDirectory(directory.resolve("base"));
    Files.writeString(base.resolve("config.json"), "{\"model_type\": \"bert\"}");
    new AdapterFiles()
        .tensor("q.weight", DType.F32, 3, 2)
        .writeFile(base.resolve("model.safetensors"));
    Path adapter = write(new AdapterFiles().layer("q", DType.F32, 2, 2, 3), AdapterFiles.CONFIG);
    CompressionSettings settings = CompressionSettings.builder(Method.DARE, 0.5).build();
    try (Checkpoint opened = Checkpoints.open(base);
        Checkpoint merged = FineTunes.open(opened, adapter)) {

      // When
      CompressionSettings resolved = TensorScope.resolve(settings, merged);

      // Then
      assertThat(resolved.exclude()).containsExactly("*classifier*");
    }
  }

  @Test
  void shouldRefuseANewTensorThatIsNoHead() throws IOException {
    // Given
    AdapterFiles base = new AdapterFiles().tensor("q.weight", DType.F32, 3, 2);
    AdapterFiles files =
        new AdapterFiles().tensor(AdapterFiles.PREFIX + "model.norm.weight", DType.F32, 2);
    Path adapter = write(files, AdapterFiles.CONFIG);
    try (Checkpoint opened = open(base)) {

      // When
      assertThatThrownBy(() -> FineTunes.open(opened, adapter))
          // Then
          .isInstanceOf(BadInputException.class)
          .hasMessage(
              adapter.resolve("adapter_model.safetensors")
                  + ": tensor 'base_model.model.model.norm.weight': replaces a tensor that the base "
                  + directory.resolve("base.safetensors")
                  + " does not have, and is no head; give the base that was adapted");
    }
  }

  @Test
  void shouldRefuseAnAdapterOfAnotherBase() throws IOException {
    // Given
    AdapterFiles base =
        new AdapterFiles().tensor("q.weight", DType.BF16, 3, 2).tensor("k.weight", DType.F32, 6);
    Map<AdapterFiles, String> refusals =
        Map.of(
            new AdapterFiles().layer("model.layers.9.v", DType.F32, 2, 2, 3),
            "tensor 'base_model.model.model.layers.9.v.lora_A.weight': belongs to a layer that the"
                + " base "
                + directory.resolve("base.safetensors")
                + " does not have; give the base that was adapted",
            new AdapterFiles().layer("q", DType.F32, 2, 3, 2),
            "tensor 'base_model.model.q.lora_A.weight': changes a matrix [2, 3] of floats, but"
                + " 'q.weight' of the base is BF16 [3, 2]",
            new AdapterFiles().layer("k", DType.F32, 2, 2, 3),
            "tensor 'base_model.model.k.lora_A.weight': changes a matrix [3, 2] of floats, but"
                + " 'k.weight' of the base is F32 [6]",
            new AdapterFiles().layer("q", DType.F32, 2, 2, 3).layer("model.q", DType.F32, 2, 2, 3),
            "tensor 'base_model.model.q.lora_A.weight': changes 'q.weight' a second time");
    try (Checkpoint opened = open(base)) {
      for (Map.Entry<AdapterFiles, String> refusal : refusals.entrySet()) {
        Path path = write(refusal.getKey(), AdapterFiles.CONFIG);

        // When
        assertThatThrownBy(() -> FineTunes.open(opened, path))
            // Then
            .isInstanceOf(BadInputException.class)
            .hasMessage(path.resolve("adapter_model.safetensors") + ": " + refusal.getValue());
      }
    }
  }

  private ByteBuffer merged(AdapterFiles base, AdapterFiles adapter, String config, String tensor)
      throws IOException {
    try (Checkpoint opened = open(base);
        Checkpoint merged = FineTunes.open(opened, write(adapter, config))) {
      TensorData data = merged.data(tensor);
      return data.slice(0, (int) data.byteLength());
    }
  }

  private Checkpoint open(AdapterFiles base) throws IOException {
    return Checkpoints.open(base.writeFile(directory.resolve("base.safetensors")));
  }

  private Path write(AdapterFiles files, String config) throws IOException {
    return files.writeAdapter(directory.resolve("adapter"), config);
  }

  /** Rounded from the exact decimal value, so not by way of another binary type. */
  private static ByteBuffer once(DType dtype, double... values) {
    ByteBuffer bytes =
        ByteBuffer.allocate((int) dtype.byteLength(values.length)).order(ByteOrder.LITTLE_ENDIAN);
    for (double value : values) {
      if (dtype == DType.F32) {
        bytes.putFloat(new BigDecimal(value).floatValue());
      } else {
        OnceRounded.put(dtype, bytes, value);
      }
    }
    return bytes.flip();
  }
}
