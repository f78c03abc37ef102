package io.deltapress.djl.edit;

import io.deltapress.djl.evaluate.Task;
import io.deltapress.format.BadInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/** Finds editors by what commands and policies call them. */
public final class Editors {

  /** What the editor is called whose edits last longest, as the editing study found. */
  public static final String LASTING = WhitenedEditor.METHOD;

  private Editors() {}

  /**
   * Says whether an editor is known by its name alone.
   *
   * @param spec as {@link #open} is given it
   * @return true for a method without training, false for what can only be a directory
   */
  public static boolean needsNoTraining(String spec) {
    return Set.of(LASTING, UltraEdit.METHOD, FineTuning.METHOD).contains(spec);
  }

  /**
   * Opens an editor.
   *
   * @param spec {@code whitened}, {@code ultraedit} or {@code fine-tuning}, which need no training,
   *     or the directory of a trained editor
   * @param model what is to be edited; stays the caller's
   * @return the editor, closed by the caller
   * @throws BadInputException when there is no such editor, or it was trained on another base
   * @throws IOException when a file cannot be read
   */
  public static Editor open(String spec, EditableModel model) throws IOException {
    return open(spec, List.of(), model);
  }

  /**
   * As {@link #open(String, EditableModel)}, and tells the editor what to go on knowing.
   *
   * @param spec as there
   * @param preserved prompts with the answers that the model gives to them now; {@code whitened}
   *     heeds them, other editors have no use for them
   * @param model as there
   * @return as there
   * @throws IOException as there
   */
  public static Editor open(String spec, List<Task> preserved, EditableModel model)
      throws IOException {
    if (spec.equals(UltraEdit.METHOD)) {
      return new UltraEdit(UltraEdit.Settings.defaults());
    }
    if (spec.equals(LASTING)) {
      return preserving(preserved);
    }
    if (spec.equals(FineTuning.METHOD)) {
      return new FineTuning(FineTuning.Settings.defaults());
    }
    Path directory = Path.of(spec);
    if (!Files.isDirectory(directory)) {
      throw new BadInputException(
          "%s: no editor; give whitened, ultraedit, fine-tuning or the directory of a trained editor"
              .formatted(spec));
    }
    return EditorDirectory.open(directory, model);
  }

  /**
   * Opens the editor whose edits last, {@code whitened}, and tells it what to go on knowing.
   *
   * @param preserved prompts with the answers that a model gives to them now; the more there are,
   *     the better what is like them is kept
   * @return the editor, closed by the caller; for one foundation
   */
  public static Editor preserving(List<Task> preserved) {
    return new WhitenedEditor(WhitenedEditor.Settings.preserving(preserved));
  }
}
