package io.deltapress.djl.train;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import io.deltapress.djl.memory.ArrayWriter;
import io.deltapress.djl.memory.NoArraysLeft;
import io.deltapress.djl.memory.TensorRuntime;
import io.deltapress.djl.memory.WithoutGradients;
import io.deltapress.djl.model.Fixtures;
import io.deltapress.djl.model.ModelDirectory;
import io.deltapress.djl.model.TokenBatch;
import io.deltapress.djl.model.TransformerModel;
import io.deltapress.djl.random.SplitMix64;
import io.deltapress.format.ProgressListener;
import io.deltapress.format.lora.FineTunes;
import io.deltapress.format.tensor.Checkpoint;
import io.deltapress.format.tensor.CheckpointWriter;
import io.deltapress.format.tensor.Checkpoints;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(NoArraysLeft.class)
class LoraFamiliesTest {

  @TempDir private Path directory;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "llama/grouped-query-tied-bf16",
        "llama/qwen2-untied-f16",
        "gpt2/prefixed-f16",
        "gpt2/bare-bf16",
        "encoder/bert-three-labels-bf16",
        "encoder/roberta-two-labels-f16"
      })
  void shouldTrainWhatTheMergedCheckpointOfItsAdapterComputes(String fixture) throws IOException {
    // Given
    Path base = Fixtures.path(fixture);
    Path adapter = directory.resolve("adapter");
    Path merged = directory.resolve("merged");
    try (WithoutGradients off = new WithoutGradients();
        NDManager manager = TensorRuntime.newManager();
        TransformerModel model = ModelDirectory.load(manager, base)) {
      float[] untrained = logits(model);
      float[] trained;
      try (LoraLayers layers = LoraLayers.attach(model, base, LoraOptions.of(2), 1)) {
        draw(layers);
        trained = logits(model);

        // When
        layers.save(adapter);
      }
      merge(base, adapter, merged);

      // Then: but for the rounding of merged weights to 16 bits
      try (TransformerModel again = ModelDirectory.load(manager, merged)) {
        assertThat(distance(logits(again), trained)).isLessThan(0.1 * distance(trained, untrained));
      }
    }
  }

  private static void draw(LoraLayers layers) {
    SplitMix64 random = new SplitMix64(5);
    for (NDArray factor : layers.trained().values()) {
      float[] values = new float[Math.toIntExact(factor.size())];
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) (random.nextGaussian() * 0.3);
      }
      ArrayWriter.write(factor, 0, values);
    }
  }

  private static float[] logits(TransformerModel model) {
    try (NDScope scope = new NDScope()) {
      scope.suppressNotUsedWarning();
      return model.logits(TokenBatch.of(List.of(new long[] {2, 5, 7, 3}))).toFloatArray();
    }
  }

  private static void merge(Path base, Path adapter, Path out) throws IOException {
    try (Checkpoint opened = Checkpoints.open(base);
        Checkpoint merged = FineTunes.open(opened, adapter)) {
      CheckpointWriter.writeModel(merged, base, out, ProgressListener.none());
    }
  }

  private static double distance(float[] left, float[] right) {
    double largest = 0;
    for (int i = 0; i < left.length; i++) {
      largest = Math.max(largest, Math.abs(left[i] - right[i]));
    }
    return largest;
  }
}
