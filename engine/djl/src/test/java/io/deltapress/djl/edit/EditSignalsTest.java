package io.deltapress.djl.edit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import io.deltapress.djl.edit.EditSignals.Tokens;
import io.deltapress.djl.memory.BackwardPass;
import io.deltapress.djl.memory.NoArraysLeft;
import io.deltapress.djl.model.LinearLayer;
import io.deltapress.djl.model.SequenceClassifier;
import io.deltapress.format.BadInputException;
import io.deltapress.format.delta.LinearInput.Orientation;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(NoArraysLeft.class)
class EditSignalsTest {

  @TempDir private Path directory;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "llama/grouped-query-tied-bf16",
        "llama/qwen2-untied-f16",
        "gpt2/prefixed-f16",
        "encoder/bert-three-labels-bf16",
        "encoder/roberta-two-labels-f16"
      })
  void shouldAddUpToTheGradientOfEveryWeight(String fixture) throws IOException {
    // Given
    try (TinyEditable tiny = TinyEditable.of(fixture, directory)) {
      List<PromptSequence> edits = sequences(tiny, "a b c", "d e f g h");
      List<LinearLayer> layers = tiny.transformer().linearLayers();

      // When
      Map<String, KeyValueRows> signals =
          EditSignals.of(tiny.transformer(), layers, edits, Tokens.ALL).rows();

      // Then
      for (LinearLayer layer : layers) {
        float[] expected = gradient(tiny, layer, edits);
        float[] given = outerProducts(signals.get(layer.weight()), layer.orientation());
        assertThat(given).as(layer.weight()).containsExactly(expected, within(2e-5f));
      }
    }
  }

  private static List<PromptSequence> sequences(TinyEditable tiny, String... prompts)
      throws BadInputException {
    PromptEncoder encoder = new PromptEncoder(tiny.model);
    List<PromptSequence> sequences = new ArrayList<>();
    for (String prompt : prompts) {
      String answer = tiny.transformer() instanceof SequenceClassifier ? "1" : "k l";
      sequences.add(encoder.encode("edit", prompt, answer));
    }
    return sequences;
  }

  private static float[] gradient(
      TinyEditable tiny, LinearLayer layer, List<PromptSequence> edits) {
    NDArray weight = tiny.transformer().weights().get(layer.weight());
    weight.setRequiresGradient(true);
    try (NDScope scope = new NDScope()) {
      scope.suppressNotUsedWarning();
      PromptBatch batch = new PromptBatch(tiny.transformer(), edits);
      BackwardPass.run(() -> batch.negativeLogLikelihood(batch.logits()));
      return weight.getGradient().toFloatArray();
    } finally {
      weight.setRequiresGradient(false);
    }
  }

  private static float[] outerProducts(KeyValueRows rows, Orientation orientation) {
    int inputs = rows.inputs();
    int outputs = rows.outputs();
    float[] sum = new float[inputs * outputs];
    for (int row = 0; row < rows.rows(); row++) {
      for (int i = 0; i < inputs; i++) {
        for (int o = 0; o < outputs; o++) {
          int at = orientation == Orientation.OUTPUT_INPUT ? o * inputs + i : i * outputs + o;
          sum[at] += rows.keys()[row * inputs + i] * rows.values()[row * outputs + o];
        }
      }
    }
    return sum;
  }

  /** One mean loss over the labels of the batch would shrink both, and unevenly. */
  @Test
  void shouldBeTheSameAloneAndInABatch() throws IOException {
    // Given: answers of different lengths
    try (TinyEditable tiny = TinyEditable.of("llama/multi-head-untied-f32", directory)) {
      PromptEncoder encoder = new PromptEncoder(tiny.model);
      PromptSequence shorter = encoder.encode("edit", "a b c d e", "k");
      PromptSequence longer = encoder.encode("edit", "f", "m n o p");
      List<LinearLayer> layers = EditLayers.feedForward(tiny.transformer());

      // When
      Map<String, KeyValueRows> together =
          EditSignals.of(tiny.transformer(), layers, List.of(shorter, longer), Tokens.ALL).rows();

      // Then
      for (int edit = 0; edit < 2; edit++) {
        Map<String, KeyValueRows> alone =
            EditSignals.of(
                    tiny.transformer(), layers, List.of(edit == 0 ? shorter : longer), Tokens.ALL)
                .rows();
        for (LinearLayer layer : layers) {
          KeyValueRows all = together.get(layer.weight());
          KeyValueRows one = alone.get(layer.weight());
          int from = all.from(edit);
          assertThat(all.from(edit + 1) - from).isEqualTo(one.rows());
          assertThat(part(all.keys(), from * all.inputs(), one.keys().length))
              .containsExactly(one.keys(), within(1e-6f));
          assertThat(part(all.values(), from * all.outputs(), one.values().length))
              .containsExactly(one.values(), within(1e-6f));
        }
      }
    }
  }

  private static float[] part(float[] values, int from, int length) {
    return Arrays.copyOfRange(values, from, from + length);
  }

  @Test
  void shouldLeaveOutTokensThatFillUpOrHaveNoGradient() throws IOException {
    // Given
    try (TinyEditable tiny = TinyEditable.of("llama/multi-head-untied-f32", directory)) {
      PromptEncoder encoder = new PromptEncoder(tiny.model);
      PromptSequence shorter = encoder.encode("edit", "a", "k");
      PromptSequence longer = encoder.encode("edit", "f g h i j", "m n");
      List<LinearLayer> layers = tiny.transformer().linearLayers();
      LinearLayer last = layers.get(layers.size() - 1);

      // When
      KeyValueRows all = rows(tiny, last, List.of(shorter, longer), Tokens.ALL);
      LinearLayer early = EditLayers.feedForward(tiny.transformer()).get(0);
      KeyValueRows first = rows(tiny, early, List.of(shorter, longer), Tokens.ALL);
      KeyValueRows labelled = rows(tiny, early, List.of(shorter, longer), Tokens.LABELLED);

      // Then: behind the last attention only tokens that predict a label have a gradient; before
      // it all have, but for the last token, which predicts nothing
      assertThat(all.edits()).containsExactly(0, 1, 1);
      assertThat(all.tokens()).containsExactly(1, 5, 6);
      assertThat(first.edits()).containsExactly(0, 0, 1, 1, 1, 1, 1, 1, 1);
      assertThat(labelled.tokens()).containsExactly(1, 5, 6);
    }
  }

  private static KeyValueRows rows(
      TinyEditable tiny, LinearLayer layer, List<PromptSequence> edits, Tokens tokens)
      throws BadInputException {
    return EditSignals.of(tiny.transformer(), List.of(layer), edits, tokens)
        .rows()
        .get(layer.weight());
  }

  @Test
  void shouldRefuseAModelThatComputesNoNumbers() throws IOException {
    // Given
    try (TinyEditable tiny = TinyEditable.of("llama/multi-head-untied-f32", directory)) {
      LinearLayer layer = EditLayers.feedForward(tiny.transformer()).get(0);
      tiny.transformer().weights().write(layer.weight(), 0, new float[] {Float.NaN});
      List<PromptSequence> edits = sequences(tiny, "a b");

      // When
      assertThatThrownBy(
              () -> EditSignals.of(tiny.transformer(), List.of(layer), edits, Tokens.ALL))
          // Then
          .isInstanceOf(BadInputException.class)
          .hasMessage(
              "tensor "
                  + layer.weight()
                  + ": the gradient of an edit is not finite; the model computes no more, take"
                  + " edits off it");
    }
  }
}
