package io.deltapress.djl.train;

import static org.assertj.core.api.Assertions.assertThat;
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
import io.deltapress.djl.random.SplitMix64;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * AdamR against figures computed elsewhere and against plain double arithmetic. The kernel computes
 * in float32, so figures agree to 1e-6.
 */
@ExtendWith(NoArraysLeft.class)
class PretrainedPullTest {

  /** Betas of the published code; no gradient here is as long as the limit. */
  private static final Adam.Settings SETTINGS = new Adam.Settings(0.9, 0.999, 1e-8, 1e9);

  private static final float[][] GRADIENTS = {{.1f, -.2f}, {.3f, .1f}, {0, -.4f}};

  @Test
  void shouldFollowThePublishedFiguresWhenThePullIsL2() throws Exception {
    // Given
    Regularization regularization = new Regularization(Regularization.Norm.L2, .1);

    // When
    List<float[]> steps = stepsFromOneAndMinusHalf(regularization);

    // Then
    assertThat(steps.get(0)).containsExactly(new float[] {.988735089936f, -.4900000005f}, near());
    assertThat(steps.get(1)).containsExactly(new float[] {.978582736592f, -.487388265742f}, near());
    assertThat(steps.get(2)).containsExactly(new float[] {.970702742463f, -.480862624375f}, near());
  }

  /** The second weight starts at its pre-trained value, where the sign is 0. */
  @Test
  void shouldFollowThePublishedFiguresWhenThePullIsL1() throws Exception {
    // Given
    Regularization regularization = new Regularization(Regularization.Norm.L1, .1);

    // When
    List<float[]> steps = stepsFromOneAndMinusHalf(regularization);

    // Then
    assertThat(steps.get(0)).containsExactly(new float[] {.98367544568f, -.4900000005f}, near());
    assertThat(steps.get(1)).containsExactly(new float[] {.969334087598f, -.492500177574f}, near());
    assertThat(steps.get(2)).containsExactly(new float[] {.957840980622f, -.490317694535f}, near());
  }

  @Test
  void shouldDrawBackATensorWithoutGradientByTheScaleOfAllTensors() throws Exception {
    // Given
    Regularization regularization = new Regularization(Regularization.Norm.L2, .5);
    Map<String, double[]> start = Map.of("first", new double[] {1}, "second", new double[] {2, 3});
    Map<String, double[]> pretrained =
        Map.of("first", new double[] {0}, "second", new double[] {2, 2});
    Map<String, float[]> gradients = Map.of("first", new float[] {3}, "second", new float[] {0, 0});

    // When
    List<Map<String, float[]>> steps =
        train(regularization, .1, start, pretrained, List.of(gradients), name -> true);

    // Then: s is sqrt(9 / 3)
    assertThat(steps.get(0).get("first")).containsExactly(new float[] {.8711324869f}, near());
    assertThat(steps.get(0).get("second")).containsExactly(new float[] {2, 2.9711324865f}, near());
  }

  @Test
  void shouldLeaveWeightsAloneWhenThereIsNeitherGradientNorDistance() throws Exception {
    // Given: s would be 0
    Regularization regularization = new Regularization(Regularization.Norm.L1, .5);
    Map<String, double[]> start = Map.of("only", new double[] {2, 3});
    Map<String, float[]> gradients = Map.of("only", new float[] {0, 0});

    // When
    List<Map<String, float[]>> steps =
        train(regularization, .1, start, start, List.of(gradients), name -> true);

    // Then
    assertThat(steps.get(0).get("only")).containsExactly(2, 3);
  }

  @ParameterizedTest
  @EnumSource
  void shouldAgreeWithPlainDoubleArithmeticOverManySteps(Regularization.Norm norm)
      throws Exception {
    // Given: three tensors, one of them the head of a classifier, which has no pre-trained value
    SplitMix64 random = new SplitMix64(11);
    Regularization regularization = new Regularization(norm, .3);
    Map<String, double[]> start = draw(random, 1);
    Map<String, double[]> pretrained = draw(random, 1);
    List<Map<String, float[]>> gradients = new ArrayList<>();
    for (int step = 0; step < 20; step++) {
      Map<String, float[]> drawn = new TreeMap<>();
      draw(random, step % 3).forEach((name, values) -> drawn.put(name, floats(values)));
      gradients.add(drawn);
    }

    // When
    List<Map<String, float[]>> steps =
        train(
            regularization,
            .01,
            start,
            pretrained,
            gradients,
            name -> !name.contains("classifier"));

    // Then
    Map<String, double[]> expected =
        new AdamReference(regularization, .01, pretrained).run(start, gradients);
    expected.forEach(
        (name, values) ->
            assertThat(steps.get(19).get(name)).containsExactly(floats(values), within(3e-6f)));
  }

  private static Map<String, double[]> draw(SplitMix64 random, double deviation) {
    Map<String, double[]> drawn = new TreeMap<>();
    Map.of("block", 12, "classifier", 6, "norm", 4)
        .forEach((name, size) -> drawn.put(name, new double[size]));
    drawn.values().forEach(v -> Arrays.setAll(v, i -> (float) (random.nextGaussian() * deviation)));
    return drawn;
  }

  private static Offset<Float> near() {
    return within(1e-6f);
  }

  private static List<float[]> stepsFromOneAndMinusHalf(Regularization regularization)
      throws Exception {
    List<Map<String, float[]>> gradients = new ArrayList<>();
    for (float[] gradient : GRADIENTS) {
      gradients.add(Map.of("theta", gradient));
    }
    return train(
            regularization,
            .01,
            Map.of("theta", new double[] {1, -.5}),
            Map.of("theta", new double[] {.8, -.5}),
            gradients,
            name -> true)
        .stream()
        .map(step -> step.get("theta"))
        .toList();
  }

  /** The weights after each step. */
  private static List<Map<String, float[]>> train(
      Regularization regularization,
      double learningRate,
      Map<String, double[]> start,
      Map<String, double[]> pretrained,
      List<Map<String, float[]>> gradients,
      Predicate<String> hasPretrained)
      throws TrainingDivergedException {
    List<Map<String, float[]>> steps = new ArrayList<>();
    try (WithoutGradients off = new WithoutGradients();
        NDManager manager = TensorRuntime.newManager()) {
      SortedMap<String, NDArray> weights = new TreeMap<>();
      pretrained.forEach((name, values) -> weights.put(name, weight(manager, values)));
      Decay pull = new PretrainedPull(manager, regularization, weights, hasPretrained);
      try (Adam optimizer = new Adam(manager, SETTINGS, weights, pull)) {
        start.forEach((name, values) -> ArrayWriter.write(weights.get(name), 0, floats(values)));
        weights.values().forEach(weight -> weight.setRequiresGradient(true));
        for (int step = 0; step < gradients.size(); step++) {
          backward(manager, weights, gradients.get(step));
          optimizer.update(step, learningRate);
          Map<String, float[]> now = new TreeMap<>();
          weights.forEach((name, weight) -> now.put(name, weight.toFloatArray()));
          steps.add(now);
        }
      }
    }
    return steps;
  }

  private static NDArray weight(NDManager manager, double[] values) {
    NDArray weight = manager.zeros(new Shape(values.length));
    ArrayWriter.write(weight, 0, floats(values));
    return weight;
  }

  /** The gradient of the sum of w * c is c. */
  private static void backward(
      NDManager manager, SortedMap<String, NDArray> weights, Map<String, float[]> gradients) {
    try (NDScope scope = new NDScope()) {
      scope.suppressNotUsedWarning();
      try (GradientCollector collector = TensorRuntime.engine().newGradientCollector()) {
        NDArray loss = manager.zeros(new Shape());
        for (Map.Entry<String, float[]> gradient : gradients.entrySet()) {
          NDArray slope = manager.create(gradient.getValue());
          loss = loss.add(weights.get(gradient.getKey()).mul(slope).sum());
        }
        collector.backward(loss);
      }
    }
  }

  private static float[] floats(double[] values) {
    float[] floats = new float[values.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) values[i];
    }
    return floats;
  }
}
