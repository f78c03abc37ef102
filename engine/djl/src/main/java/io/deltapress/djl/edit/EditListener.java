package io.deltapress.djl.edit;

/** Told about every edit that was computed, on the calling thread. */
@FunctionalInterface
public interface EditListener {

  /**
   * Called after each edit.
   *
   * @param edit what was computed
   * @param done how many edits of the call were computed so far
   * @param total how many there are
   */
  void computed(ComputedEdit edit, int done, int total);

  /**
   * Ignores everything.
   *
   * @return a listener that does nothing
   */
  static EditListener none() {
    return (edit, done, total) -> {};
  }
}
