package io.deltapress.follower.materialise;

import io.deltapress.format.edit.EditArtifact;
import java.util.List;

/**
 * The edits of a version, open.
 *
 * @param list in the order in which they are put on
 */
record OpenEdits(List<EditArtifact> list) implements AutoCloseable {

  OpenEdits {
    list = List.copyOf(list);
  }

  /** Whether the version differs from its foundation at all. */
  boolean shiftAnything() {
    return list.stream().anyMatch(edit -> !edit.weights().isEmpty());
  }

  @Override
  public void close() {
    list.forEach(EditArtifact::close);
  }
}
