package io.deltapress.djl.edit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import io.deltapress.djl.memory.ArrayWriter;
import io.deltapress.djl.memory.BackwardPass;
import io.deltapress.djl.memory.NoArraysLeft;
import io.deltapress.djl.memory.TensorRuntime;
import io.deltapress.djl.memory.WithoutGradients;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@ExtendWith(NoArraysLeft.class)
class EditorNetworkTest {

  private static final String LAYER = "layer";
  private static final SortedMap<String, LayerShape> ONE_LAYER =
      new TreeMap<>(Map.of(LAYER, new LayerShape(2, 1)));

  @Test
  void shouldComputeTheBlockOfMend() {
    // When, then
    assertThat(block(EditorMethod.MEND, 1, 2, -1))
        .containsExactly(new float[] {1.6f, 2f, -.05f}, within(1e-6f));
    assertThat(block(EditorMethod.MEND, 1, -2, .5f))
        .containsExactly(new float[] {1.1f, -1.7f, .5f}, within(1e-6f));
  }

  @Test
  void shouldComputeTheBlockOfMalmenWithScaleAndOffsetBehindTheClip() {
    // When, then
    assertThat(block(EditorMethod.MALMEN, 1, 2, -1))
        .containsExactly(new float[] {1.6f, 2.3f, -.05f}, within(1e-6f));
    assertThat(block(EditorMethod.MALMEN, 1, -2, .5f))
        .containsExactly(new float[] {1.1f, -1.7f, .7f}, within(1e-6f));
  }

  /** The first block as in the oracle; the second with an offset that never gets above 0. */
  private static float[] block(EditorMethod method, float... x) {
    EditorSettings settings = new EditorSettings(method, List.of(), 1, 1e-3, 1, 1, 1);
    try (WithoutGradients off = new WithoutGradients();
        NDManager manager = TensorRuntime.newManager();
        NDScope scope = new NDScope();
        EditorNetwork network = new EditorNetwork(manager, settings, ONE_LAYER, 1)) {
      scope.suppressNotUsedWarning();
      set(network, "network/2x1/0/u", .5f, -1, 2);
      set(network, "network/2x1/0/v", 1, 1, 2);
      set(network, "network/2x1/0/b", .1f, 0, -.5f);
      set(network, "film/layer/0/scale", 1, 2, .5f);
      set(network, "film/layer/0/offset", 0, .3f, .2f);
      return network.forward(LAYER, manager.create(x, new Shape(1, 3))).toFloatArray();
    }
  }

  private static void set(EditorNetwork network, String name, float... values) {
    ArrayWriter.write(network.parameters().get(name), 0, values);
  }

  @ParameterizedTest
  @EnumSource
  void shouldGiveBackItsInputBitForBitWhenNew(EditorMethod method) {
    // Given
    try (WithoutGradients off = new WithoutGradients();
        NDManager manager = TensorRuntime.newManager();
        NDScope scope = new NDScope();
        EditorNetwork network =
            new EditorNetwork(manager, EditorSettings.of(method), ONE_LAYER, 1)) {
      scope.suppressNotUsedWarning();
      float[] input = {1.5f, -2e-7f, 3e8f, 0f, .1f, -1f};

      // When
      float[] output =
          network.forward(LAYER, manager.create(input, new Shape(2, 3))).toFloatArray();

      // Then
      assertThat(output).containsExactly(input);
      assertThat(network.rate(LAYER).toFloatArray()).containsExactly(1e-3f);
    }
  }

  /**
   * With a ReLU in place of the clip U would get no gradient here, and would stay at 0 for ever.
   */
  @ParameterizedTest
  @EnumSource
  void shouldMoveUButNotVWhenNew(EditorMethod method) {
    // Given
    try (WithoutGradients off = new WithoutGradients();
        NDManager manager = TensorRuntime.newManager();
        NDScope scope = new NDScope();
        EditorNetwork network =
            new EditorNetwork(manager, EditorSettings.of(method), ONE_LAYER, 1)) {
      scope.suppressNotUsedWarning();
      network.parameters().values().forEach(p -> p.setRequiresGradient(true));
      NDArray input = manager.create(new float[] {1, 2, -1}, new Shape(1, 3));

      // When
      BackwardPass.run(() -> network.forward(LAYER, input).sum());

      // Then
      assertThat(gradient(network, "network/2x1/0/u")).doesNotContain(0f);
      assertThat(gradient(network, "network/2x1/1/u")).doesNotContain(0f);
      assertThat(gradient(network, "network/2x1/0/v")).containsOnly(0f, -0f);
      assertThat(gradient(network, "film/layer/0/offset")).containsOnly(1f);
    }
  }

  private static float[] gradient(EditorNetwork network, String name) {
    return network.parameters().get(name).getGradient().toFloatArray();
  }

  @Test
  void shouldKeepTheRateOfALayerPositiveAndMoveIt() {
    // Given
    try (WithoutGradients off = new WithoutGradients();
        NDManager manager = TensorRuntime.newManager();
        NDScope scope = new NDScope();
        EditorNetwork network =
            new EditorNetwork(manager, EditorSettings.of(EditorMethod.MEND), ONE_LAYER, 1)) {
      scope.suppressNotUsedWarning();
      NDArray theta = network.parameters().get("rate/layer");
      theta.setRequiresGradient(true);

      // When
      BackwardPass.run(() -> network.rate(LAYER).sum());
      float slope = theta.getGradient().toFloatArray()[0];
      theta.setRequiresGradient(false);
      set(network, "rate/layer", -3);

      // Then: d/dtheta of 1e-3 exp(10 theta)
      assertThat(slope).isCloseTo(1e-2f, within(1e-8f));
      assertThat(network.rate(LAYER).toFloatArray()[0]).isPositive().isLessThan(1e-15f);
    }
  }
}
