package io.deltapress.djl.edit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import io.deltapress.djl.memory.NoArraysLeft;
import io.deltapress.djl.memory.TensorRuntime;
import io.deltapress.djl.memory.WithoutGradients;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NoArraysLeft.class)
class EditorLossTest {

  @Test
  void shouldComputeTheDivergenceOverTheVocabularyAtPositionsThatCount() {
    // Given
    float[] before = {1, 0, -1, 0, 0, 0, 2, 1, 0};
    float[] after = {.5f, .5f, -1, 1, 0, 0, 2, 1, 0};

    // When, then: .10156646 and .11949909 at the positions of the mask
    assertThat(divergence(before, after, 3, .5f, .5f, 0)).isCloseTo(.11053278, within(1e-6));
    assertThat(divergence(before, after, 3, 1, 0, 0)).isCloseTo(.10156646, within(1e-6));
    assertThat(divergence(before, after, 3, 0, 0, 1)).isCloseTo(0, within(1e-7));
  }

  /** Two labels: a softmax over (x, 0) is a Bernoulli distribution with logit x. */
  @Test
  void shouldComputeTheDivergenceOfBernoulliDistributions() {
    // When
    double divergence = divergence(new float[] {.7f, 0}, new float[] {-.2f, 0}, 2, 1);

    // Then
    assertThat(divergence).isCloseTo(.09632182, within(1e-6));
  }

  private static double divergence(float[] before, float[] after, int width, float... weights) {
    try (WithoutGradients off = new WithoutGradients();
        NDManager manager = TensorRuntime.newManager();
        NDScope scope = new NDScope()) {
      scope.suppressNotUsedWarning();
      Shape shape = new Shape(weights.length, width);
      float[] likelihoods = manager.create(before, shape).logSoftmax(-1).toFloatArray();
      NDArray logits = manager.create(after, shape);
      return EditorLoss.divergence(logits, likelihoods, weights, width, manager).getFloat();
    }
  }
}
