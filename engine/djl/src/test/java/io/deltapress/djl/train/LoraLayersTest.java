package io.deltapress.djl.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import io.deltapress.djl.memory.ArrayWriter;
import io.deltapress.djl.memory.BackwardPass;
import io.deltapress.djl.memory.NoArraysLeft;
import io.deltapress.djl.memory.TensorRuntime;
import io.deltapress.djl.memory.WithoutGradients;
import io.deltapress.djl.model.LinearLayer;
import io.deltapress.djl.model.LlamaModel;
import io.deltapress.djl.model.TokenBatch;
import io.deltapress.djl.random.SplitMix64;
import io.deltapress.format.BadInputException;
import io.deltapress.format.lora.LoraModule;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NoArraysLeft.class)
class LoraLayersTest {

  private static final Path BASE = Path.of("base");
  private static final LoraOptions OPTIONS = new LoraOptions(3, 6, List.of());

  @Test
  void shouldComputeAsTheBaseDoesBeforeAnythingIsTrained() throws Exception {
    // Given
    try (WithoutGradients off = new WithoutGradients();
        NDManager manager = TensorRuntime.newManager();
        LlamaModel model = TinyModel.create(manager)) {
      float[] base = logits(model);

      // When
      try (LoraLayers layers = LoraLayers.attach(model, BASE, OPTIONS, 1)) {

        // Then: B is 0, A is drawn from U(±1 / sqrt(inputs))
        assertThat(logits(model)).containsExactly(base);
        layers.trained().forEach(LoraLayersTest::assertFirstValues);
      }
    }
  }

  private static void assertFirstValues(String name, NDArray factor) {
    float[] values = factor.toFloatArray();
    if (name.endsWith("lora_B.weight")) {
      assertThat(values).containsOnly(0);
    } else {
      float bound = (float) (1 / Math.sqrt(factor.getShape().get(1)));
      float largest = 0;
      for (float value : values) {
        largest = Math.max(largest, Math.abs(value));
      }
      assertThat(largest).isBetween(0.7f * bound, bound);
    }
  }

  @Test
  void shouldComputeAsAModelWithTheProductAddedToItsWeights() throws Exception {
    // Given
    try (WithoutGradients off = new WithoutGradients();
        NDManager manager = TensorRuntime.newManager();
        LlamaModel model = TinyModel.create(manager);
        LlamaModel merged = TinyModel.create(manager)) {
      float[] base = logits(model);
      float[] adapted;
      try (LoraLayers layers = LoraLayers.attach(model, BASE, OPTIONS, 1)) {
        drawAll(layers);
        for (LinearLayer layer : model.linearLayers()) {
          addProduct(layers, layer, merged);
        }

        // When
        adapted = logits(model);
      }

      // Then: and the base is as it was once the adapters are off
      assertThat(adapted).containsExactly(logits(merged), within(1e-4f));
      assertThat(distance(adapted, base)).isGreaterThan(1e-2);
      assertThat(logits(model)).containsExactly(base);
    }
  }

  @Test
  void shouldGiveGradientsThatPredictTheChangeOfTheLoss() throws Exception {
    // Given
    try (WithoutGradients off = new WithoutGradients();
        NDManager manager = TensorRuntime.newManager();
        LlamaModel model = TinyModel.create(manager);
        LoraLayers layers = LoraLayers.attach(model, BASE, OPTIONS, 1)) {
      drawAll(layers);
      layers.trained().values().forEach(factor -> factor.setRequiresGradient(true));
      loss(model, () -> {});
      Map<String, float[]> gradients = takeGradients(layers);
      loss(model, new MemoryPressure());
      Map<String, float[]> pressed = takeGradients(layers);
      Map<String, float[]> direction = new TreeMap<>();
      SplitMix64 random = new SplitMix64(3);
      gradients.forEach((name, values) -> direction.put(name, draw(random, values.length, .1)));

      // When
      double distance = 1e-2;
      move(layers, direction, distance);
      double above = loss(model, () -> {});
      move(layers, direction, -2 * distance);
      double below = loss(model, () -> {});

      // Then: and nothing of them depends on memory that is freed before the backward pass
      double slope = (above - below) / (2 * distance);
      gradients.forEach(
          (name, gradient) -> assertThat(pressed.get(name)).as(name).containsExactly(gradient));
      assertThat(slope)
          .isCloseTo(Directions.slope(gradients, direction), within(5e-3 * Math.abs(slope) + 1e-4));
    }
  }

  @Test
  void shouldAdaptOnlyLayersThatAreMeant() throws Exception {
    // Given
    LoraOptions options = new LoraOptions(2, 4, List.of("*.1.self_attn.?_proj"));
    try (NDManager manager = TensorRuntime.newManager();
        LlamaModel model = TinyModel.create(manager)) {

      // When
      try (LoraLayers layers = LoraLayers.attach(model, BASE, options, 1)) {

        // Then
        assertThat(layers.trained().keySet())
            .hasSize(8)
            .allMatch(name -> name.startsWith("base_model.model.model.layers.1.self_attn."));
      }
    }
  }

  @Test
  void shouldSayThatNoLayerIsMeant() {
    // Given
    LoraOptions options = new LoraOptions(2, 4, List.of("c_attn"));
    try (NDManager manager = TensorRuntime.newManager();
        LlamaModel model = TinyModel.create(manager)) {

      // When
      assertThatThrownBy(() -> LoraLayers.attach(model, BASE, options, 1))
          // Then
          .isInstanceOf(BadInputException.class)
          .hasMessage("base: has no linear layer that is meant by c_attn");
    }
  }

  @Test
  void shouldNameLayersByTheirEndsWhereNoOtherLayerIsMeantByThem() {
    // Given
    List<LinearLayer> all =
        List.of(
            LinearLayer.of("a.0.q.weight"),
            LinearLayer.of("a.0.k.weight"),
            LinearLayer.of("a.1.q.weight"));

    // When
    Set<String> names = all.stream().map(LinearLayer::weight).collect(Collectors.toSet());
    List<String> bothQueries = LoraTargets.peftNames(List.of(all.get(0), all.get(2)), names);
    List<String> oneQuery = LoraTargets.peftNames(List.of(all.get(0), all.get(1)), names);

    // Then
    assertThat(bothQueries).containsExactly("q");
    assertThat(oneQuery).containsExactly("a.0.k", "a.0.q");
  }

  @Test
  void shouldNotMeanThePoolerByTheDenseLayersOfBlocks() {
    // Given
    List<LinearLayer> blocks =
        List.of(
            LinearLayer.of("bert.encoder.layer.0.output.dense.weight"),
            LinearLayer.of("bert.encoder.layer.0.intermediate.dense.weight"),
            LinearLayer.of("bert.encoder.layer.1.output.dense.weight"),
            LinearLayer.of("bert.encoder.layer.1.intermediate.dense.weight"));
    Set<String> names = blocks.stream().map(LinearLayer::weight).collect(Collectors.toSet());
    names.add("bert.pooler.dense.weight");
    names.add("bert.pooler.dense.bias");

    // When
    List<String> targets = LoraTargets.peftNames(blocks, names);

    // Then
    assertThat(targets).containsExactly("intermediate.dense", "output.dense");
  }

  private static float[] logits(LlamaModel model) {
    try (NDScope scope = new NDScope()) {
      scope.suppressNotUsedWarning();
      return model.logits(TokenBatch.of(List.of(new long[] {1, 5, 9, 12}))).toFloatArray();
    }
  }

  private static double loss(LlamaModel model, Runnable beforeBackward) {
    try (NDScope scope = new NDScope()) {
      scope.suppressNotUsedWarning();
      return BackwardPass.run(TinyModel.batch(model)::loss, beforeBackward);
    }
  }

  private static void drawAll(LoraLayers layers) {
    SplitMix64 random = new SplitMix64(5);
    layers
        .trained()
        .values()
        .forEach(factor -> ArrayWriter.write(factor, 0, draw(random, (int) factor.size(), .2)));
  }

  private static float[] draw(SplitMix64 random, int size, double deviation) {
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = (float) (random.nextGaussian() * deviation);
    }
    return values;
  }

  private static Map<String, float[]> takeGradients(LoraLayers layers) {
    Map<String, float[]> gradients = new TreeMap<>();
    layers
        .trained()
        .forEach(
            (name, factor) -> {
              try (NDArray gradient = factor.getGradient()) {
                gradients.put(name, gradient.toFloatArray());
                gradient.subi(gradient);
              }
            });
    return gradients;
  }

  private static void move(LoraLayers layers, Map<String, float[]> direction, double distance) {
    direction.forEach(
        (name, values) -> {
          NDArray factor = layers.trained().get(name);
          float[] moved = factor.toFloatArray();
          for (int i = 0; i < moved.length; i++) {
            moved[i] += (float) (distance * values[i]);
          }
          ArrayWriter.write(factor, 0, moved);
        });
  }

  /** The definition, entry by entry: W + (alpha / r) B A. */
  private static void addProduct(LoraLayers layers, LinearLayer layer, LlamaModel into) {
    String name = LoraLayers.nameOf(layer);
    NDArray a = layers.trained().get(LoraModule.inputFactorName(name));
    float[] inputFactor = a.toFloatArray();
    float[] outputFactor = layers.trained().get(LoraModule.outputFactorName(name)).toFloatArray();
    int inputs = (int) a.getShape().get(1);
    float[] weight = into.weights().read(layer.weight());
    for (int i = 0; i < weight.length; i++) {
      double sum = 0;
      for (int k = 0; k < 3; k++) {
        sum += (double) outputFactor[i / inputs * 3 + k] * inputFactor[k * inputs + i % inputs];
      }
      weight[i] += (float) (2 * sum);
    }
    into.weights().write(layer.weight(), 0, weight);
  }

  private static double distance(float[] left, float[] right) {
    double largest = 0;
    for (int i = 0; i < left.length; i++) {
      largest = Math.max(largest, Math.abs(left[i] - right[i]));
    }
    return largest;
  }
}
