package io.deltapress.djl.model;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import io.deltapress.djl.memory.NoArraysLeft;
import io.deltapress.djl.memory.TensorRuntime;
import io.deltapress.format.delta.LinearInput.Orientation;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Against logits computed by {@code src/test/python/gpt2_logits.py} in float64. */
@ExtendWith(NoArraysLeft.class)
class Gpt2LogitsTest {

  /**
   * As argued in {@link LlamaLogitsTest}: logits of order 1 to 6 behind some 20 float32 sums of at
   * most 96 products.
   */
  private static final double TOLERANCE = 1e-5;

  @ParameterizedTest
  @ValueSource(strings = {"prefixed-f16", "bare-bf16", "untied-bf16"})
  void shouldGiveTheLogitsOfTheIndependentComputation(String name) throws IOException {
    // Given
    Path directory = Fixtures.path("gpt2/" + name);
    try (NDManager manager = TensorRuntime.newManager();
        TransformerModel model = ModelDirectory.load(manager, directory);
        Expected expected = new Expected(directory);
        NDScope scope = new NDScope()) {
      scope.suppressNotUsedWarning();
      long[] tokens = expected.integers("tokens");

      // When
      NDArray logits =
          model.logits(
              TokenBatch.of(
                  List.of(Arrays.copyOfRange(tokens, 0, 9), Arrays.copyOfRange(tokens, 9, 18))));

      // Then
      assertThat(expected.worstError(logits.toFloatArray(), "logits")).isLessThan(TOLERANCE);
    }
  }

  @Test
  void shouldGiveTheSameLogitsWhenTokensArriveInPieces() throws IOException {
    // Given
    Path directory = Fixtures.path("gpt2/prefixed-f16");
    try (NDManager manager = TensorRuntime.newManager();
        LanguageModel model = ModelDirectory.loadLanguageModel(manager, directory);
        Expected expected = new Expected(directory);
        KeyValueCache cache = model.newCache();
        NDScope scope = new NDScope()) {
      scope.suppressNotUsedWarning();
      NDArray tokens = manager.create(expected.integers("tokens"), new Shape(2, 9));

      // When
      NDArray first = model.logits(tokens.get(new NDIndex(":,0:4")), cache);
      NDArray second = model.logits(tokens.get(new NDIndex(":,4:9")), cache);

      // Then
      NDArray all = first.concat(second, 1);
      assertThat(expected.worstError(all.toFloatArray(), "logits")).isLessThan(TOLERANCE);
      assertThat(cache.length()).isEqualTo(9);
    }
  }

  @Test
  void shouldKeepTheNamesOfTheCheckpoint() throws IOException {
    // Given
    try (NDManager manager = TensorRuntime.newManager();
        TransformerModel bare = ModelDirectory.load(manager, Fixtures.path("gpt2/bare-bf16"));
        TransformerModel prefixed =
            ModelDirectory.load(manager, Fixtures.path("gpt2/prefixed-f16"))) {

      // When
      List<LinearLayer> bareLayers = bare.linearLayers();
      List<LinearLayer> prefixedLayers = prefixed.linearLayers();

      // Then
      assertThat(bareLayers).hasSize(8);
      assertThat(bareLayers.get(0))
          .isEqualTo(
              new LinearLayer(
                  "h.0.attn.c_attn.weight", "h.0.attn.c_attn.bias", Orientation.INPUT_OUTPUT));
      assertThat(prefixedLayers.get(7).weight()).isEqualTo("transformer.h.1.mlp.c_proj.weight");
      assertThat(prefixed.weights().arrays())
          .containsKey("transformer.wte.weight")
          .doesNotContainKey("transformer.h.0.attn.bias");
    }
  }
}
