package io.deltapress.djl.edit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import io.deltapress.djl.memory.ArrayWriter;
import io.deltapress.djl.memory.BackwardPass;
import io.deltapress.djl.memory.NoArraysLeft;
import io.deltapress.djl.model.SequenceClassifier;
import io.deltapress.djl.random.SplitMix64;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(NoArraysLeft.class)
class EditorTrainingTest {

  @TempDir private Path directory;

  /** Through signals, network, solve, edited model and both losses at once. */
  @ParameterizedTest
  @CsvSource({
    "llama/multi-head-untied-f32, MEND",
    "gpt2/prefixed-f16, MEND",
    "encoder/bert-three-labels-bf16, MEND",
    "llama/multi-head-untied-f32, MALMEN",
    "gpt2/prefixed-f16, MALMEN",
    "encoder/roberta-two-labels-f16, MALMEN"
  })
  void shouldGiveGradientsThatPredictTheChangeOfTheLoss(String fixture, EditorMethod method)
      throws IOException {
    // Given
    try (TinyEditable tiny = TinyEditable.of(fixture, directory);
        EditorTraining editor = training(tiny, method)) {
      draw(editor.parameters());
      SortedMap<String, double[]> memory = copy(editor.memory());
      Map<String, float[]> gradients = new LinkedHashMap<>();
      double value = step(editor, gradients);
      Map<String, float[]> direction = direction(editor.parameters());

      // When
      double distance = 2e-3;
      move(editor.parameters(), direction, distance);
      restore(editor, memory);
      double above = step(editor, null);
      move(editor.parameters(), direction, -2 * distance);
      restore(editor, memory);
      double below = step(editor, null);

      // Then: central difference; its own error is of order distance²
      double slope = (above - below) / (2 * distance);
      double predicted = 0;
      for (Map.Entry<String, float[]> entry : direction.entrySet()) {
        for (int i = 0; i < entry.getValue().length; i++) {
          predicted += (double) entry.getValue()[i] * gradients.get(entry.getKey())[i];
        }
      }
      assertThat(value).isPositive();
      assertThat(Math.abs(predicted)).isGreaterThan(1e-3);
      assertThat(slope).isCloseTo(predicted, within(.02 * Math.abs(predicted) + 1e-4));
    }
  }

  /**
   * The two phases: the gradient with respect to the edited weights, held fixed, times the shift as
   * a function of the editor.
   */
  @ParameterizedTest
  @ValueSource(strings = {"llama/multi-head-untied-f32", "gpt2/prefixed-f16"})
  void shouldEqualTheGradientThroughTheWeightsOfTheEditedModel(String fixture) throws IOException {
    // Given: one edit, for which whole weights can stand
    try (TinyEditable tiny = TinyEditable.of(fixture, directory);
        EditorTraining editor = training(tiny, EditorMethod.MEND)) {
      draw(editor.parameters());
      editor.step(new int[] {0, 1});
      SortedMap<String, double[]> memory = copy(editor.memory());
      Map<String, float[]> direct = new LinkedHashMap<>();
      gradients(editor, editor.step(new int[] {0}), direct);
      restore(editor, memory);

      // When
      Map<String, float[]> twoPhases =
          new TwoPhases(tiny, editor).gradients(editor.step(new int[] {0}));

      // Then
      twoPhases.forEach(
          (name, gradient) ->
              assertThat(direct.get(name)).as(name).containsExactly(gradient, within(2e-5f)));
    }
  }

  private static EditorTraining training(TinyEditable tiny, EditorMethod method)
      throws IOException {
    boolean classifier = tiny.transformer() instanceof SequenceClassifier;
    List<EditRequest> requests = new ArrayList<>();
    for (String word : List.of("a", "b", "c", "d")) {
      requests.add(
          new EditRequest(
              word,
              word + " e f g",
              classifier ? "1" : "k l",
              null,
              null,
              List.of("h " + word, "i j " + word + " n"),
              List.of(new Probe("m " + word + " n", classifier ? "0" : "o"), Probe.of("p q")),
              List.of()));
    }
    EditorSettings settings = new EditorSettings(method, List.of(), 4, 1e-2, 1, 1, 2);
    return new EditorTraining(tiny.model, requests, settings, 1);
  }

  private static double step(EditorTraining editor, Map<String, float[]> gradients)
      throws IOException {
    return gradients(editor, editor.step(new int[] {0, 3, 5}), gradients);
  }

  private static double gradients(
      EditorTraining editor, EditorTraining.Step step, Map<String, float[]> gradients) {
    editor.parameters().values().forEach(p -> p.setRequiresGradient(true));
    double loss;
    try (NDScope scope = new NDScope()) {
      scope.suppressNotUsedWarning();
      loss = BackwardPass.run(step::loss);
      editor
          .parameters()
          .forEach(
              (name, parameter) -> {
                NDArray gradient = parameter.getGradient();
                if (gradients != null) {
                  gradients.put(name, gradient.toFloatArray());
                }
                gradient.subi(gradient);
              });
    }
    editor.parameters().values().forEach(p -> p.setRequiresGradient(false));
    return loss;
  }

  /** Away from the identity, so that every part has a gradient. */
  private static void draw(SortedMap<String, NDArray> parameters) {
    move(parameters, direction(parameters), .5);
  }

  private static Map<String, float[]> direction(SortedMap<String, NDArray> parameters) {
    SplitMix64 random = new SplitMix64(7);
    Map<String, float[]> direction = new LinkedHashMap<>();
    parameters.forEach(
        (name, parameter) -> {
          float[] values = new float[Math.toIntExact(parameter.size())];
          for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian() * .1f;
          }
          direction.put(name, values);
        });
    return direction;
  }

  private static void move(
      SortedMap<String, NDArray> parameters, Map<String, float[]> direction, double distance) {
    parameters.forEach(
        (name, parameter) -> {
          float[] values = parameter.toFloatArray();
          for (int i = 0; i < values.length; i++) {
            values[i] += (float) (distance * direction.get(name)[i]);
          }
          ArrayWriter.write(parameter, 0, values);
        });
  }

  private static SortedMap<String, double[]> copy(SortedMap<String, double[]> memory) {
    SortedMap<String, double[]> copy = new TreeMap<>();
    memory.forEach((name, values) -> copy.put(name, values.clone()));
    return copy;
  }

  private static void restore(EditorTraining editor, SortedMap<String, double[]> memory) {
    editor
        .memory()
        .forEach((name, values) -> System.arraycopy(memory.get(name), 0, values, 0, values.length));
  }
}
