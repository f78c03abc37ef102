package io.deltapress.djl.train;

import io.deltapress.djl.edit.EditorSettings;
import java.nio.file.Path;

/**
 * What {@code train editor} is asked to do.
 *
 * @param model directory of the model whose edits are learned; does not change
 * @param requests file of edit requests to learn from
 * @param out where the editor's directory goes; must not exist
 * @param seed of first values and data order
 * @param recipe how to train; its batch size counts edits
 * @param stateEverySteps how often the state to resume from is saved, positive
 * @param settings what the editor is
 */
public record EditorOptions(
    Path model,
    Path requests,
    Path out,
    long seed,
    TrainingRecipe recipe,
    int stateEverySteps,
    EditorSettings settings) {

  /** Checks the ranges. */
  public EditorOptions {
    if (stateEverySteps < 1) {
      throw new IllegalArgumentException("steps between saved states must be positive");
    }
  }
}
