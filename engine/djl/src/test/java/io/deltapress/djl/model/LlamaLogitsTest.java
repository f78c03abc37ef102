package io.deltapress.djl.model;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import io.deltapress.djl.memory.NoArraysLeft;
import io.deltapress.djl.memory.TensorRuntime;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Against logits computed by {@code src/test/python/llama_logits.py} in float64. */
@ExtendWith(NoArraysLeft.class)
class LlamaLogitsTest {

  /**
   * Logits are of order 1 to 6. Each is the end of some 20 sums of at most 48 float32 products;
   * with errors of 2^-24 relative per operation that stays below 1e-5, while a wrong formula is off
   * by more than 1e-2.
   */
  private static final double TOLERANCE = 1e-5;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "multi-head-untied-f32",
        "grouped-query-tied-bf16",
        "multi-query-wide-heads-f16",
        "qwen2-tied-bf16",
        "qwen2-untied-f16"
      })
  void shouldGiveTheLogitsOfTheIndependentComputation(String name) throws IOException {
    // Given
    Path directory = Fixtures.path("llama/" + name);
    try (NDManager manager = TensorRuntime.newManager();
        LlamaModel model = (LlamaModel) ModelDirectory.load(manager, directory);
        Expected expected = new Expected(directory);
        NDScope scope = new NDScope()) {
      scope.suppressNotUsedWarning();

      // When
      NDArray logits = model.logits(manager.create(expected.integers("tokens"), new Shape(2, 9)));

      // Then
      assertThat(expected.worstError(logits.toFloatArray(), "logits")).isLessThan(TOLERANCE);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"multi-head-untied-f32", "grouped-query-tied-bf16", "qwen2-tied-bf16"})
  void shouldGiveTheSameLogitsWhenTokensArriveInPieces(String name) throws IOException {
    // Given
    Path directory = Fixtures.path("llama/" + name);
    try (NDManager manager = TensorRuntime.newManager();
        LlamaModel model = (LlamaModel) ModelDirectory.load(manager, directory);
        Expected expected = new Expected(directory);
        KeyValueCache cache = model.newCache();
        NDScope scope = new NDScope()) {
      scope.suppressNotUsedWarning();
      NDArray tokens = manager.create(expected.integers("tokens"), new Shape(2, 9));

      // When
      NDArray first = model.logits(tokens.get(new NDIndex(":,0:4")), cache);
      NDArray second = model.logits(tokens.get(new NDIndex(":,4:5")), cache);
      NDArray third = model.logits(tokens.get(new NDIndex(":,5:9")), cache);

      // Then
      NDArray all = first.concat(second, 1).concat(third, 1);
      assertThat(expected.worstError(all.toFloatArray(), "logits")).isLessThan(TOLERANCE);
      assertThat(cache.length()).isEqualTo(9);
    }
  }
}
