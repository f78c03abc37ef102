package io.deltapress.djl.edit;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Turns requests into low-rank shifts of a model's weights. Belongs to one thread at a time.
 *
 * <p>A request whose target the model gives already (every token of it the most likely one) has no
 * shifts. The model is left as it was: whoever wants the edits puts them on.
 */
public interface Editor extends AutoCloseable {

  /**
   * Names the method as artifacts do.
   *
   * @return {@code mend}, {@code malmen}, {@code ultraedit}, {@code whitened} or {@code
   *     fine-tuning}
   */
  String method();

  /**
   * Computes edits on the model's present weights, those of live edits included. Requests of one
   * call are computed together, and each has shifts of its own; to have one edit follow the other,
   * put it on before the next call.
   *
   * @param model a model that this editor fits; left as it was
   * @param requests what to change, at least one, with different ids
   * @param listener told of every edit
   * @return one result per request, in the same order
   * @throws io.deltapress.format.BadInputException naming the edit that the model cannot be given
   * @throws IOException when a file cannot be read
   */
  List<ComputedEdit> edit(EditableModel model, List<EditRequest> requests, EditListener listener)
      throws IOException;

  /**
   * Writes what this editor has learned from the edits so far and needs for those to come. Editors
   * without such a memory write nothing.
   *
   * @param file where it goes; replaced
   * @throws IOException when it cannot be written
   */
  default void saveState(Path file) throws IOException {}

  /**
   * Goes on where {@link #saveState} was called. Editors without a memory do nothing.
   *
   * @param file what was written then
   * @throws io.deltapress.format.BadInputException when it is another editor's
   * @throws IOException when it cannot be read
   */
  default void restoreState(Path file) throws IOException {}

  /** Lets go of native memory. */
  @Override
  void close();
}
