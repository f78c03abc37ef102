package io.deltapress.djl.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import io.deltapress.djl.memory.BackwardPass;
import io.deltapress.djl.memory.NoArraysLeft;
import io.deltapress.djl.memory.ReproducibleBits;
import io.deltapress.djl.memory.TensorRuntime;
import io.deltapress.djl.memory.WithoutGradients;
import io.deltapress.djl.model.LlamaModel;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NoArraysLeft.class)
class TrainingStepTest {

  private static final int ROUNDS = 25;

  @Test
  @ReproducibleBits
  void shouldGiveTheSameGradientBitsWhenMemoryIsCollectedBeforeTheBackwardPass() {
    // Given
    try (WithoutGradients off = new WithoutGradients();
        NDManager manager = TensorRuntime.newManager();
        LlamaModel model = TinyModel.create(manager)) {
      TinyModel.trainAll(model);
      Map<String, float[]> calm = gradients(model, () -> {});
      for (int round = 0; round < ROUNDS; round++) {

        // When
        Map<String, float[]> gradients = gradients(model, new MemoryPressure());

        // Then
        gradients.forEach(
            (name, gradient) -> assertThat(gradient).as(name).containsExactly(calm.get(name)));
      }
    }
  }

  /** Shows that the pressure above does harm to those who break the rule. */
  @Test
  @ReproducibleBits
  void shouldCorruptGradientsWhenANumberOperandIsRecorded() {
    // Given
    int corrupted = 0;
    try (WithoutGradients off = new WithoutGradients();
        NDManager manager = TensorRuntime.newManager()) {
      for (int round = 0; round < ROUNDS; round++) {

        // When
        corrupted += isCorruptedByNumberOperand(manager) ? 1 : 0;
      }
    }

    // Then
    assertThat(corrupted).isPositive();
  }

  private static boolean isCorruptedByNumberOperand(NDManager manager) {
    try (NDScope scope = new NDScope()) {
      scope.suppressNotUsedWarning();
      NDArray weight = manager.ones(new Shape(4));
      weight.setRequiresGradient(true);
      try (GradientCollector collector = TensorRuntime.engine().newGradientCollector()) {
        NDArray loss = weight.mul(2f).sum();
        new MemoryPressure().run();
        collector.backward(loss);
      }
      return weight.getGradient().toFloatArray()[0] != 2f;
    }
  }

  @Test
  void shouldGiveGradientsThatPredictTheChangeOfTheLoss() {
    // Given
    try (WithoutGradients off = new WithoutGradients();
        NDManager manager = TensorRuntime.newManager();
        LlamaModel model = TinyModel.create(manager)) {
      TinyModel.trainAll(model);
      Map<String, float[]> gradients = gradients(model, () -> {});
      Map<String, float[]> direction = Directions.random(gradients);

      // When
      double distance = 1e-2;
      Directions.move(model, direction, distance);
      double above = loss(model, () -> {});
      Directions.move(model, direction, -2 * distance);
      double below = loss(model, () -> {});

      // Then: central difference; its own error is of order distance²
      double slope = (above - below) / (2 * distance);
      assertThat(slope)
          .isCloseTo(Directions.slope(gradients, direction), within(2e-3 * Math.abs(slope) + 1e-4));
    }
  }

  private static Map<String, float[]> gradients(LlamaModel model, Runnable beforeBackward) {
    loss(model, beforeBackward);
    return TinyModel.takeGradients(model);
  }

  private static double loss(LlamaModel model, Runnable beforeBackward) {
    try (NDScope scope = new NDScope()) {
      scope.suppressNotUsedWarning();
      return BackwardPass.run(TinyModel.batch(model)::loss, beforeBackward);
    }
  }
}
