package io.deltapress.djl.edit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import io.deltapress.djl.memory.NoArraysLeft;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(NoArraysLeft.class)
class PromptBatchTest {

  private static final double[] LIKELIHOODS = {.7, .2, .1, .1, .8, .1, .3, .3, .4, .2, .5, .3};

  @TempDir private Path directory;

  @Test
  void shouldTakeEachLabelFromTheOutputOfTheTokenBefore() throws IOException {
    // Given: the first token is prompt, the third label is not the likeliest
    try (TinyEditable tiny = TinyEditable.of("llama/multi-head-untied-f32", directory);
        NDScope scope = new NDScope()) {
      scope.suppressNotUsedWarning();
      PromptSequence sequence =
          new PromptSequence(new long[4], new long[4], 0, new long[] {0, 1, 1});
      PromptBatch batch = new PromptBatch(tiny.transformer(), List.of(sequence));
      NDArray logits = logits(tiny);

      // When
      double loss = batch.negativeLogLikelihood(logits, new float[] {1}).getFloat();
      long[] likeliest = PromptBatch.likeliest(logits);

      // Then
      assertThat(loss).isCloseTo(.5945970999, within(1e-6));
      assertThat(batch.losses(logits)[0]).isCloseTo(.5945970999, within(1e-6));
      assertThat(batch.right(likeliest)).containsExactly(false);
      assertThat(batch.following(0, likeliest)).isEqualTo(1);
    }
  }

  private static NDArray logits(TinyEditable tiny) {
    float[] logits = new float[LIKELIHOODS.length];
    for (int i = 0; i < logits.length; i++) {
      logits[i] = (float) StrictMath.log(LIKELIHOODS[i]);
    }
    return tiny.transformer().weights().manager().create(logits, new Shape(4, 3));
  }
}
