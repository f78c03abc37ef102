package io.deltapress.djl.edit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.deltapress.djl.evaluate.Task;
import io.deltapress.djl.memory.NoArraysLeft;
import io.deltapress.djl.memory.ReproducibleBits;
import io.deltapress.djl.model.LinearLayer;
import io.deltapress.format.BadInputException;
import io.deltapress.format.edit.LowRankShift;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(NoArraysLeft.class)
class WhitenedEditorTest {

  private static final String LLAMA = "llama/multi-head-untied-f32";
  private static final EditRequest FIRST = EditRequest.of("first", "a b c", "k");
  private static final EditRequest SECOND = EditRequest.of("second", "d e", "m n");
  private static final List<Task> PRESERVED =
      List.of(new Task("e f", "g"), new Task("h i j", "l"), new Task("o p", "q r"));

  @TempDir private Path directory;

  /**
   * The whole-matrix form, by loops: W - eta G (M + lambda I)^-1 with eta = .7 sum L / sum <G, S>.
   * Few rows are gone through pair by pair, many as matrices.
   */
  @ParameterizedTest
  @ValueSource(ints = {2, 22})
  void shouldTakeTheStepThatTheFormulaSays(int count) throws IOException {
    // Given
    try (TinyEditable tiny = TinyEditable.of(LLAMA, directory)) {
      List<LinearLayer> layers = EditLayers.answering(tiny.transformer());
      PreparedEdits edits = PreparedEdits.of(tiny.model, requests(count));
      Map<String, KeyValueRows> signals =
          EditSignals.of(tiny.transformer(), layers, edits.sequences(), EditSignals.Tokens.LABELLED)
              .rows();
      double[] losses = TrialShifts.run(tiny.transformer(), Map.of(), edits.sequences()).losses();
      Map<String, InverseMoment> moments = new HashMap<>();
      Map<String, double[]> expected = new HashMap<>();
      double along = 0;
      for (Map.Entry<String, KeyValueRows> layer : signals.entrySet()) {
        KeyValueRows rows = layer.getValue();
        int inputs = rows.inputs();
        moments.put(layer.getKey(), InverseMoment.of(new double[inputs * inputs], inputs, 2));
        double[] gradient = product(rows.values(), rows.outputs(), rows.keys(), inputs);
        double[] moment = product(rows.keys(), inputs, rows.keys(), inputs);
        for (int i = 0; i < inputs; i++) {
          moment[i * inputs + i] += 2;
        }
        double[] whitened = dividedBy(gradient, moment, inputs);
        for (int i = 0; i < gradient.length; i++) {
          along += gradient[i] * whitened[i];
        }
        expected.put(layer.getKey(), whitened);
      }
      double length = .7 * DoubleStream.of(losses).map(loss -> Math.min(loss, 1)).sum() / along;

      // When
      WhitenedDescent descent =
          new WhitenedDescent(tiny.transformer(), layers, edits.sequences(), moments, .999);
      Map<String, RowFactors> factors = descent.run(1);

      // Then
      assertThat(factors).hasSameSizeAs(expected);
      factors.forEach(
          (weight, rows) -> {
            double[] whitened = expected.get(weight);
            double largest = 0;
            for (double value : whitened) {
              largest = Math.max(largest, Math.abs(length * value));
            }
            for (int o = 0; o < rows.outputs(); o++) {
              for (int i = 0; i < rows.inputs(); i++) {
                double sum = 0;
                for (int row = 0; row < rows.edits().length; row++) {
                  sum += rows.b()[row * rows.outputs() + o] * rows.a()[row * rows.inputs() + i];
                }
                assertThat(sum)
                    .isCloseTo(-length * whitened[o * rows.inputs() + i], within(1e-5 * largest));
              }
            }
          });
    }
  }

  private static List<EditRequest> requests(int count) {
    List<EditRequest> requests = new ArrayList<>(List.of(FIRST, SECOND));
    for (char letter = 'a'; requests.size() < count; letter++) {
      String prompt = letter + " " + (char) (letter + 3);
      String target = (char) (letter + 5) + " " + (char) (letter + 1);
      requests.add(EditRequest.of("edit-" + letter, prompt, target));
    }
    return requests;
  }

  /** left^T right, of rows. */
  private static double[] product(float[] left, int m, float[] right, int n) {
    double[] product = new double[m * n];
    for (int row = 0; row < left.length / m; row++) {
      for (int i = 0; i < m; i++) {
        for (int j = 0; j < n; j++) {
          product[i * n + j] += (double) left[row * m + i] * right[row * n + j];
        }
      }
    }
    return product;
  }

  /** X with X M = matrix, for a symmetric M, by Gauss's elimination. */
  private static double[] dividedBy(double[] matrix, double[] moment, int n) {
    double[] x = matrix.clone();
    double[] m = moment.clone();
    int rows = matrix.length / n;
    for (int pivot = 0; pivot < n; pivot++) {
      for (int other = 0; other < n; other++) {
        if (other != pivot) {
          double factor = m[other * n + pivot] / m[pivot * n + pivot];
          for (int j = 0; j < n; j++) {
            m[other * n + j] -= factor * m[pivot * n + j];
          }
          for (int row = 0; row < rows; row++) {
            x[row * n + other] -= factor * x[row * n + pivot];
          }
        }
      }
    }
    for (int i = 0; i < n; i++) {
      for (int row = 0; row < rows; row++) {
        x[row * n + i] /= m[i * n + i];
      }
    }
    return x;
  }

  @Test
  void shouldGiveEveryEditOfABatchItsTarget() throws IOException {
    // Given
    try (TinyEditable tiny = TinyEditable.of(LLAMA, directory);
        Editor editor = Editors.preserving(PRESERVED)) {
      EditMeasure measure = new EditMeasure(tiny.model, List.of(FIRST, SECOND));

      // When
      for (ComputedEdit edit :
          editor.edit(tiny.model, List.of(FIRST, SECOND), EditListener.none())) {
        tiny.model.putOn(edit);
      }

      // Then
      assertThat(measure.before()).extracting(EditScores::rewriteAccuracy).containsOnly(0.0);
      assertThat(measure.after()).extracting(EditScores::rewriteAccuracy).containsOnly(1.0);
    }
  }

  @Test
  void shouldNeedOneRankPerLabelAndLayerAtMost() throws IOException {
    // Given
    try (TinyEditable tiny = TinyEditable.of(LLAMA, directory);
        Editor editor = Editors.preserving(PRESERVED)) {

      // When
      ComputedEdit edit = only(editor, tiny, SECOND);

      // Then: two labels, and the end token if the model ends there
      assertThat(edit.rank()).isBetween(1, 3);
      assertThat(edit.shifts()).extracting(LowRankShift::rank).allMatch(rank -> rank <= 3);
    }
  }

  @Test
  void shouldMoveTheOutputsOfPreservedKeysLessThanWithoutThem() throws IOException {
    // Given
    try (TinyEditable tiny = TinyEditable.of(LLAMA, directory);
        Editor preserving = Editors.preserving(PRESERVED);
        Editor careless = Editors.open("whitened", tiny.model)) {

      // When
      double kept = movement(tiny, only(preserving, tiny, FIRST));
      double moved = movement(tiny, only(careless, tiny, FIRST));

      // Then
      assertThat(kept).isLessThan(moved);
    }
  }

  /** Share of the shift that reaches preserved keys: tr(S M S^T) / (|S|² tr M), over all layers. */
  private static double movement(TinyEditable tiny, ComputedEdit edit) throws BadInputException {
    PromptEncoder encoder = new PromptEncoder(tiny.model);
    List<PromptSequence> sequences =
        List.of(
            encoder.encode("x", "e f", "g"),
            encoder.encode("x", "h i j", "l"),
            encoder.encode("x", "o p", "q r"));
    Map<String, double[]> moments =
        PreservedKeys.moments(
            tiny.transformer(), EditLayers.answering(tiny.transformer()), sequences);
    double reached = 0;
    double size = 0;
    for (LowRankShift shift : edit.shifts()) {
      double[] moment = moments.get(shift.weight());
      int inputs = shift.inputs();
      for (int o = 0; o < shift.outputs(); o++) {
        double[] row = new double[inputs];
        for (int r = 0; r < shift.rank(); r++) {
          for (int i = 0; i < inputs; i++) {
            row[i] += (double) shift.b()[o * shift.rank() + r] * shift.a()[r * inputs + i];
          }
        }
        for (int i = 0; i < inputs; i++) {
          size += row[i] * row[i];
          for (int j = 0; j < inputs; j++) {
            reached += row[i] * moment[i * inputs + j] * row[j];
          }
        }
      }
    }
    return reached / size;
  }

  @Test
  void shouldLeaveALiveEditAloneWhoeverComputedIt() throws IOException {
    // Given: an edit that another editor made, with and without what it remembers
    try (TinyEditable tiny = TinyEditable.of(LLAMA, directory);
        Editor other = Editors.preserving(PRESERVED);
        Editor told = Editors.preserving(PRESERVED);
        Editor untold = Editors.preserving(PRESERVED)) {
      ComputedEdit first = only(other, tiny, FIRST);
      tiny.model.putOn(first);
      ComputedEdit knowing = only(told, tiny, SECOND);
      tiny.model.takeOff("first");
      tiny.model.putOn(
          "first", first.shifts().stream().map(shift -> shift.withKeys(new float[0])).toList());

      // When
      ComputedEdit unknowing = only(untold, tiny, SECOND);

      // Then
      assertThat(reach(knowing, first)).isLessThan(0.5 * reach(unknowing, first));
    }
  }

  /** How much an edit changes what comes out at another's keys, as a share of its own size. */
  private static double reach(ComputedEdit edit, ComputedEdit other) {
    double reached = 0;
    double size = 0;
    for (int layer = 0; layer < edit.shifts().size(); layer++) {
      LowRankShift shift = edit.shifts().get(layer);
      float[] keys = other.shifts().get(layer).keys();
      for (int from = 0; from < keys.length; from += shift.inputs()) {
        for (int o = 0; o < shift.outputs(); o++) {
          double out = 0;
          for (int r = 0; r < shift.rank(); r++) {
            double along = 0;
            for (int i = 0; i < shift.inputs(); i++) {
              along += (double) shift.a()[r * shift.inputs() + i] * keys[from + i];
            }
            out += shift.b()[o * shift.rank() + r] * along;
          }
          reached += out * out;
        }
      }
      size += shift.norm() * shift.norm();
    }
    return reached / size;
  }

  @Test
  @ReproducibleBits
  void shouldForgetAnEditThatIsTakenOff() throws IOException {
    // Given
    try (TinyEditable tiny = TinyEditable.of(LLAMA, directory);
        Editor editor = Editors.preserving(PRESERVED);
        Editor fresh = Editors.preserving(PRESERVED)) {
      tiny.model.putOn(only(editor, tiny, FIRST));
      only(editor, tiny, SECOND);
      tiny.model.takeOff("first");

      // When
      ComputedEdit edit = only(editor, tiny, SECOND);

      // Then
      assertThat(edit.shifts()).isEqualTo(only(fresh, tiny, SECOND).shifts());
    }
  }

  @Test
  @ReproducibleBits
  void shouldGoOnWithTheSameBitsWhenItsStateIsRestored() throws IOException {
    // Given
    Path state = directory.resolve("state.safetensors");
    try (TinyEditable tiny = TinyEditable.of(LLAMA, directory);
        Editor editor = Editors.preserving(PRESERVED);
        Editor resumed = Editors.preserving(PRESERVED);
        Editor fresh = Editors.preserving(PRESERVED)) {
      tiny.model.putOn(only(editor, tiny, FIRST));
      editor.saveState(state);
      ComputedEdit expected = only(editor, tiny, SECOND);

      // When
      resumed.restoreState(state);

      // Then
      assertThat(only(resumed, tiny, SECOND).shifts()).isEqualTo(expected.shifts());
      assertThat(only(fresh, tiny, SECOND).shifts()).isNotEqualTo(expected.shifts());
    }
  }

  @Test
  void shouldRefuseTheStateOfSomethingElse() throws IOException {
    // Given
    try (TinyEditable tiny = TinyEditable.of(LLAMA, directory);
        Editor editor = Editors.preserving(PRESERVED)) {
      Path other = tiny.directory.resolve("model.safetensors");

      // When
      assertThatThrownBy(() -> editor.restoreState(other))
          // Then
          .isInstanceOf(BadInputException.class)
          .hasMessage(other + ": is no state of the editor whitened; give one that it saved");
    }
  }

  @Test
  void shouldNameThePreservedTaskThatTheModelCannotBeGiven() throws IOException {
    // Given
    try (TinyEditable tiny = TinyEditable.of(LLAMA, directory);
        Editor editor =
            Editors.preserving(
                List.of(new Task("a", "b"), new Task("a ".repeat(80).strip(), "k")))) {

      // When
      assertThatThrownBy(() -> only(editor, tiny, FIRST))
          // Then
          .isInstanceOf(BadInputException.class)
          .hasMessage(
              "preserved task 2: the prompt with its answer has 82 tokens, the model takes 64;"
                  + " shorten it");
    }
  }

  private static ComputedEdit only(Editor editor, TinyEditable tiny, EditRequest request)
      throws IOException {
    return editor.edit(tiny.model, List.of(request), EditListener.none()).get(0);
  }
}
