package io.deltapress.djl.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import io.deltapress.djl.memory.ArrayWriter;
import io.deltapress.djl.memory.NoArraysLeft;
import io.deltapress.djl.memory.TensorRuntime;
import io.deltapress.djl.memory.WithoutGradients;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NoArraysLeft.class)
class AdamTest {

  private static final TrainingRecipe RECIPE = new TrainingRecipe(10, 1, 0.1, 0, 1, 0.05, 1.0, 0);

  @Test
  void shouldFollowTheAlgorithmWhenTheGradientIsLongerThanTheLimit() throws Exception {
    // Given: the gradient of sum(w * c) is c, of length 5, so it is clipped to c / 5
    float[] slope = {3, 0, 4, 0};
    try (WithoutGradients off = new WithoutGradients();
        NDManager manager = TensorRuntime.newManager()) {
      NDArray weight = trained(manager, new float[] {1, -1, 0.5f, 2});

      // When
      try (Adam optimizer = adamW(manager, weight)) {
        for (int step = 0; step < 3; step++) {
          backward(manager, weight, slope);
          optimizer.update(step, 0.1);
        }
      }

      // Then
      float[] expected = reference(new double[] {1, -1, 0.5, 2}, slope, 3);
      assertThat(weight.toFloatArray()).containsExactly(expected, within(1e-5f));
    }
  }

  @Test
  void shouldLeaveWeightsAloneWhenAGradientIsNotFinite() {
    // Given
    try (WithoutGradients off = new WithoutGradients();
        NDManager manager = TensorRuntime.newManager()) {
      NDArray weight = trained(manager, new float[] {1, 2, 3, 4});
      backward(manager, weight, new float[] {1, Float.NaN, 1, 1});
      try (Adam optimizer = adamW(manager, weight)) {

        // When
        assertThatThrownBy(() -> optimizer.update(6, 0.1))
            // Then
            .isInstanceOf(TrainingDivergedException.class)
            .hasMessage("training diverged at step 7: gradient is NaN; lower the learning rate");
      }
      assertThat(weight.toFloatArray()).containsExactly(1, 2, 3, 4);
    }
  }

  @Test
  void shouldHoldNeitherHeadsNorWhatWasDrawnNearItsFirstValues() {
    // Given
    TrainingLoop.Plan plan =
        new TrainingLoop.Plan(
            RECIPE,
            0,
            1,
            new Regularization(Regularization.Norm.L2, 0.1),
            Set.of("bert.pooler.dense.weight"));

    // When
    boolean drawn = plan.holds("bert.pooler.dense.weight");
    boolean head = plan.holds("classifier.weight");
    boolean pretrained = plan.holds("bert.embeddings.word_embeddings.weight");

    // Then
    assertThat(drawn).isFalse();
    assertThat(head).isFalse();
    assertThat(pretrained).isTrue();
  }

  private static Adam adamW(NDManager manager, NDArray weight) {
    return new TrainingLoop.Plan(RECIPE, 0, 1).optimizer(manager, named(weight));
  }

  private static NDArray trained(NDManager manager, float[] values) {
    NDArray weight = manager.zeros(new Shape(2, 2));
    ArrayWriter.write(weight, 0, values);
    weight.setRequiresGradient(true);
    return weight;
  }

  private static TreeMap<String, NDArray> named(NDArray weight) {
    TreeMap<String, NDArray> named = new TreeMap<>();
    named.put("weight", weight);
    return named;
  }

  private static void backward(NDManager manager, NDArray weight, float[] slope) {
    try (NDScope scope = new NDScope()) {
      scope.suppressNotUsedWarning();
      NDArray factors = manager.create(slope, new Shape(2, 2));
      try (GradientCollector collector = TensorRuntime.engine().newGradientCollector()) {
        collector.backward(weight.mul(factors).sum());
      }
    }
  }

  /** Plain double arithmetic of the published algorithm, with the gradient clipped to length 1. */
  private static float[] reference(double[] weights, float[] slope, int steps) {
    double[] mean = new double[4];
    double[] variance = new double[4];
    for (int t = 1; t <= steps; t++) {
      for (int i = 0; i < 4; i++) {
        double gradient = slope[i] / 5;
        mean[i] = 0.9 * mean[i] + 0.1 * gradient;
        variance[i] = 0.99 * variance[i] + 0.01 * gradient * gradient;
        double unbiasedMean = mean[i] / (1 - Math.pow(0.9, t));
        double unbiasedVariance = variance[i] / (1 - Math.pow(0.99, t));
        weights[i] -= 0.1 * 0.05 * weights[i];
        weights[i] -= 0.1 * unbiasedMean / (Math.sqrt(unbiasedVariance) + 1e-8);
      }
    }
    float[] result = new float[4];
    for (int i = 0; i < 4; i++) {
      result[i] = (float) weights[i];
    }
    return result;
  }
}
