package io.deltapress.djl.edit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.deltapress.djl.edit.EditSignals.Tokens;
import io.deltapress.djl.edit.LeastSquares.Form;
import io.deltapress.djl.memory.NoArraysLeft;
import io.deltapress.djl.memory.ReproducibleBits;
import io.deltapress.format.BadInputException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(NoArraysLeft.class)
class UltraEditTest {

  private static final EditRequest FIRST = EditRequest.of("first", "a b c", "k");
  private static final EditRequest SECOND = EditRequest.of("second", "d e", "m n");

  @TempDir private Path directory;

  /** With the variance of the published code the shift would be (.0034791464, -.0027981289). */
  @Test
  void shouldComputeThePublishedFormulaWithExactStatistics() {
    // Given
    float[] keys = {1, 2, 3, 1, 2, 4};
    KeyValueRows rows =
        new KeyValueRows(2, 1, new int[3], new int[3], keys, new float[] {.1f, -.2f, .4f});
    RunningStatistics statistics = new RunningStatistics(3);
    statistics.add(rows);

    // When
    double[] changes = UltraEdit.changes(rows, statistics.normalised(rows));
    double[] scaled = new double[3];
    for (int row = 0; row < 3; row++) {
      scaled[row] = .01 * changes[row];
    }
    double[] solved = LeastSquares.solvedKeys(rows.wideKeys(), 2, 1, null, Form.PRIMAL);

    // Then
    assertThat(scaled)
        .containsExactly(
            new double[] {-.01047619 * 0, -.01761905 * -1, -.01190476 * 1}, within(2e-8));
    assertThat(LeastSquaresTest.shift(solved, scaled, 2, 1))
        .containsExactly(new double[] {.0063916001, -.0051404910}, within(1e-8));
  }

  @Test
  @ReproducibleBits
  void shouldGoOnWithTheSameBitsWhenItsStateIsRestored() throws IOException {
    // Given
    Path state = directory.resolve("state.safetensors");
    try (TinyEditable tiny = TinyEditable.of("llama/multi-head-untied-f32", directory);
        Editor editor = Editors.open("ultraedit", tiny.model);
        Editor resumed = Editors.open("ultraedit", tiny.model);
        Editor fresh = Editors.open("ultraedit", tiny.model)) {
      editor.edit(tiny.model, List.of(FIRST), EditListener.none());
      editor.saveState(state);
      ComputedEdit expected = only(editor, tiny, SECOND);

      // When
      resumed.restoreState(state);

      // Then
      assertThat(only(resumed, tiny, SECOND).shifts()).isEqualTo(expected.shifts());
      assertThat(only(fresh, tiny, SECOND).shifts()).isNotEqualTo(expected.shifts());
    }
  }

  private static ComputedEdit only(Editor editor, TinyEditable tiny, EditRequest request)
      throws IOException {
    return editor.edit(tiny.model, List.of(request), EditListener.none()).get(0);
  }

  @Test
  void shouldRefuseTheStateOfSomethingElse() throws IOException {
    // Given
    try (TinyEditable tiny = TinyEditable.of("llama/multi-head-untied-f32", directory);
        Editor editor = Editors.open("ultraedit", tiny.model)) {
      Path other = tiny.directory.resolve("model.safetensors");

      // When
      assertThatThrownBy(() -> editor.restoreState(other))
          // Then
          .isInstanceOf(BadInputException.class)
          .hasMessage(other + ": is no state of the editor ultraedit; give one that it saved");
    }
  }

  @Test
  void shouldTakeAFixedStepWhenGivenOne() throws IOException {
    // Given
    try (TinyEditable tiny = TinyEditable.of("llama/multi-head-untied-f32", directory)) {
      UltraEdit small = new UltraEdit(new UltraEdit.Settings(List.of(), 1, 1e-6, Tokens.LABELLED));
      UltraEdit large = new UltraEdit(new UltraEdit.Settings(List.of(), 1, 1e-5, Tokens.LABELLED));

      // When
      double least = only(small, tiny, SECOND).norm();
      double most = only(large, tiny, SECOND).norm();

      // Then
      assertThat(most / least).isCloseTo(10, within(1e-6));
    }
  }
}
