package io.deltapress.djl.rescale;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDManager;
import io.deltapress.djl.memory.NoArraysLeft;
import io.deltapress.djl.memory.TensorRuntime;
import io.deltapress.djl.model.Fixtures;
import io.deltapress.djl.model.ModelDirectory;
import io.deltapress.djl.model.TransformerModel;
import io.deltapress.format.artifact.Method;
import io.deltapress.format.artifact.RescaleFactors;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(NoArraysLeft.class)
class PrunedModelTest {

  private static final Path BASE = Fixtures.path("llama/grouped-query-tied-bf16");
  private static final String CHANGED = "model.layers.0.mlp.up_proj.weight";
  private static final String UNCHANGED = "model.layers.0.mlp.down_proj.weight";

  @TempDir private Path directory;

  @Test
  void shouldKeepTheShareOfTheDeltaThatWasAskedForAndRescaleIt() throws IOException {
    // Given: a delta of 4 at every element of one tensor
    try (NDManager manager = TensorRuntime.newManager();
        PrunedModel pruned =
            PrunedModel.open(manager, BASE, shifted(manager), name -> true, Method.DARE)) {

      // When
      pruned.prune(0.75, RescaleFactors.of(0.5), 3);

      // Then
      float[] before = weights(manager, CHANGED);
      float[] after = pruned.model().weights().read(CHANGED);
      int kept = 0;
      for (int i = 0; i < after.length; i++) {
        float change = after[i] - before[i];
        assertThat(change == 0 || Math.abs(change - 8) < 0.2).isTrue();
        kept += change == 0 ? 0 : 1;
      }
      // five standard deviations of a binomial count
      double deviation = Math.sqrt(after.length * 0.25 * 0.75);
      assertThat((double) kept).isCloseTo(after.length * 0.25, within(5 * deviation));
      assertThat(pruned.model().weights().read(UNCHANGED))
          .containsExactly(weights(manager, UNCHANGED));
    }
  }

  @Test
  void shouldGiveTheFineTunedWeightsWhenNothingIsPruned() throws IOException {
    // Given
    try (NDManager manager = TensorRuntime.newManager();
        PrunedModel pruned =
            PrunedModel.open(manager, BASE, shifted(manager), name -> true, Method.DARE)) {
      float[] fineTuned = pruned.model().weights().read(CHANGED);
      pruned.prune(0.5, RescaleFactors.of(0.5), 3);

      // When
      pruned.prune(0, RescaleFactors.of(1), 3);

      // Then
      assertThat(pruned.model().weights().read(CHANGED)).containsExactly(fineTuned, within(1e-6f));
    }
  }

  private Path shifted(NDManager manager) throws IOException {
    Path out = directory.resolve("tuned");
    try (TransformerModel model = ModelDirectory.load(manager, BASE)) {
      float[] values = model.weights().read(CHANGED);
      for (int i = 0; i < values.length; i++) {
        values[i] += 4;
      }
      model.weights().write(CHANGED, 0, values);
      ModelDirectory.save(model, BASE, out);
    }
    return out;
  }

  private static float[] weights(NDManager manager, String name) throws IOException {
    try (TransformerModel model = ModelDirectory.load(manager, BASE)) {
      return model.weights().read(name);
    }
  }
}
