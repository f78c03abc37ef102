package io.deltapress.djl.model;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.index.NDIndex;
import io.deltapress.djl.memory.NoArraysLeft;
import io.deltapress.djl.memory.TensorRuntime;
import java.io.IOException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NoArraysLeft.class)
class GreedyGeneratorTest {

  private static final long[] PROMPT = {1, 17, 4, 33};

  @Test
  void shouldGenerateWhatTheUncachedModelFindsLikeliest() throws IOException {
    // Given
    try (NDManager manager = TensorRuntime.newManager();
        LlamaModel model =
            (LlamaModel)
                ModelDirectory.load(manager, Fixtures.path("llama/grouped-query-tied-bf16"))) {
      long[] uncached = uncached(model, 20);

      // When
      long[] generated = new GreedyGenerator(model).generate(PROMPT, 20);

      // Then
      assertThat(generated).containsExactly(uncached);
    }
  }

  @Test
  void shouldStopAtTheEndTokenAndLeaveItOut() throws IOException {
    // Given: the fourth token the model would generate ends the text
    try (NDManager manager = TensorRuntime.newManager();
        LlamaModel model =
            (LlamaModel)
                ModelDirectory.load(manager, Fixtures.path("llama/multi-head-untied-f32"))) {
      long[] unbounded = uncached(model, 4);
      LlamaModel ending = withEndToken(manager, model, (int) unbounded[3]);
      int firstEnd = indexOf(unbounded, unbounded[3]);

      // When
      long[] generated = new GreedyGenerator(ending).generate(PROMPT, 20);

      // Then
      assertThat(generated).containsExactly(Arrays.copyOf(unbounded, firstEnd));
      ending.close();
    }
  }

  private static int indexOf(long[] values, long wanted) {
    int index = 0;
    while (values[index] != wanted) {
      index++;
    }
    return index;
  }

  private static long[] uncached(LlamaModel model, int count) {
    long[] all = PROMPT.clone();
    while (all.length < PROMPT.length + count) {
      try (NDScope scope = new NDScope()) {
        scope.suppressNotUsedWarning();
        var tokens = model.weights().manager().create(new long[][] {all});
        long next = model.logits(tokens).get(new NDIndex("0,-1")).argMax().getLong();
        if (next == model.config().endToken()) {
          break;
        }
        all = Arrays.copyOf(all, all.length + 1);
        all[all.length - 1] = next;
      }
    }
    return Arrays.copyOfRange(all, PROMPT.length, all.length);
  }

  private static LlamaModel withEndToken(NDManager manager, LlamaModel model, int endToken) {
    LlamaConfig c = model.config();
    LlamaConfig changed =
        new LlamaConfig(
            c.vocabularySize(),
            c.hiddenSize(),
            c.intermediateSize(),
            c.layers(),
            c.heads(),
            c.keyValueHeads(),
            c.headSize(),
            c.normEpsilon(),
            c.ropeTheta(),
            c.maxPositions(),
            c.tiedEmbeddings(),
            c.beginToken(),
            endToken);
    LlamaModel copy = new LlamaModel(changed, new ModelWeights(manager, changed.shapes()));
    model
        .weights()
        .arrays()
        .keySet()
        .forEach(name -> copy.weights().write(name, 0, model.weights().read(name)));
    return copy;
  }
}
