package io.deltapress.djl.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import io.deltapress.djl.memory.NoArraysLeft;
import io.deltapress.djl.memory.TensorRuntime;
import io.deltapress.format.BadInputException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Against logits and hidden states computed by {@code src/test/python/encoder_logits.py} in
 * float64, one sequence at a time: here they are filled up to one length.
 */
@ExtendWith(NoArraysLeft.class)
class EncoderLogitsTest {

  /**
   * Normalised states and logits are of order 1 to 3. Each is the end of some 20 sums of at most 40
   * float32 products; with errors of 2^-24 relative per operation that stays below 1e-5, while a
   * wrong formula (tanh GELU for the erf one, say) is off by more than 1e-4.
   */
  private static final double TOLERANCE = 1e-5;

  private static final int LONGEST = 9;
  private static final int HIDDEN = 24;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "bert-three-labels-bf16",
        "bert-regression-first-names-f16",
        "roberta-two-labels-f16"
      })
  void shouldGiveTheLogitsOfTheIndependentComputation(String name) throws IOException {
    // Given
    Path directory = Fixtures.path("encoder/" + name);
    try (NDManager manager = TensorRuntime.newManager();
        SequenceClassifier model = ModelDirectory.loadClassifier(manager, directory);
        Expected expected = new Expected(directory);
        NDScope scope = new NDScope()) {
      scope.suppressNotUsedWarning();

      // When
      NDArray logits = model.logits(batch(expected));

      // Then
      assertThat(logits.getShape().getShape()).containsExactly(3, model.labels());
      assertThat(expected.worstError(logits.toFloatArray(), "logits")).isLessThan(TOLERANCE);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"bert-three-labels-bf16", "roberta-two-labels-f16"})
  void shouldGiveTheHiddenStatesOfTheIndependentComputation(String name) throws IOException {
    // Given
    Path directory = Fixtures.path("encoder/" + name);
    try (NDManager manager = TensorRuntime.newManager();
        SequenceClassifier model = ModelDirectory.loadClassifier(manager, directory);
        Expected expected = new Expected(directory);
        NDScope scope = new NDScope()) {
      scope.suppressNotUsedWarning();
      TokenBatch batch = batch(expected);

      // When
      float[] hidden = model.hidden(batch).toFloatArray();

      // Then: where a sequence is filled up there is nothing to compare
      double[] states = expected.decimals("hidden");
      for (int row = 0; row < batch.size(); row++) {
        for (int at = 0; at < batch.length(row) * HIDDEN; at++) {
          int element = row * LONGEST * HIDDEN + at;
          assertThat(Math.abs(hidden[element] - states[element])).isLessThan(TOLERANCE);
        }
      }
    }
  }

  @Test
  void shouldShowTheInputsOfTheLinearLayersInTheirOrder() throws IOException {
    // Given
    Path directory = Fixtures.path("encoder/roberta-two-labels-f16");
    try (NDManager manager = TensorRuntime.newManager();
        SequenceClassifier model = ModelDirectory.loadClassifier(manager, directory);
        Expected expected = new Expected(directory);
        NDScope scope = new NDScope()) {
      scope.suppressNotUsedWarning();
      List<LinearLayer> seen = new ArrayList<>();
      List<Long> inputs = new ArrayList<>();
      model.observe(
          (layer, input) -> {
            seen.add(layer);
            inputs.add(input.getShape().get(2));
          });

      // When
      model.logits(batch(expected));

      // Then
      assertThat(seen).containsExactlyElementsOf(model.linearLayers()).hasSize(12);
      assertThat(seen.get(0).weight())
          .isEqualTo("roberta.encoder.layer.0.attention.self.query.weight");
      assertThat(inputs)
          .containsExactly(24L, 24L, 24L, 24L, 24L, 40L, 24L, 24L, 24L, 24L, 24L, 40L);
    }
  }

  @Test
  void shouldRefuseAClassifierWhereALanguageModelIsNeeded() {
    // Given
    Path directory = Fixtures.path("encoder/roberta-two-labels-f16");
    try (NDManager manager = TensorRuntime.newManager()) {

      // When
      assertThatThrownBy(() -> ModelDirectory.loadLanguageModel(manager, directory))
          // Then
          .isInstanceOf(BadInputException.class)
          .hasMessage(
              directory
                  + ": holds a classifier where a language model is needed; give a model that"
                  + " generates text");
    }
  }

  @Test
  void shouldRefuseALanguageModelWhereAClassifierIsNeeded() {
    // Given
    Path directory = Fixtures.path("gpt2/bare-bf16");
    try (NDManager manager = TensorRuntime.newManager()) {

      // When
      assertThatThrownBy(() -> ModelDirectory.loadClassifier(manager, directory))
          // Then
          .isInstanceOf(BadInputException.class)
          .hasMessage(
              directory
                  + ": holds a language model where a classifier is needed; give a model with a"
                  + " classification head");
    }
  }

  /** The ids before those that mark a place to fill up. */
  private static TokenBatch batch(Expected expected) throws IOException {
    long[] tokens = expected.integers("tokens");
    long[] segments = expected.integers("segments");
    List<long[]> ids = new ArrayList<>();
    List<long[]> segmentIds = new ArrayList<>();
    for (int row = 0; row < tokens.length / LONGEST; row++) {
      long[] whole = Arrays.copyOfRange(tokens, row * LONGEST, (row + 1) * LONGEST);
      int length = (int) Arrays.stream(whole).filter(id -> id >= 0).count();
      ids.add(Arrays.copyOf(whole, length));
      segmentIds.add(Arrays.copyOfRange(segments, row * LONGEST, row * LONGEST + length));
    }
    return TokenBatch.of(ids, segmentIds);
  }
}
