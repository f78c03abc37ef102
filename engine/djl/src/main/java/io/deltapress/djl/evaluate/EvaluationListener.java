package io.deltapress.djl.evaluate;

/** Told how far an evaluation has come, on the thread that evaluates. */
@FunctionalInterface
public interface EvaluationListener {

  /**
   * Called after each batch.
   *
   * @param done tasks answered so far
   * @param total tasks of the file
   */
  void evaluated(int done, int total);

  /**
   * Ignores everything.
   *
   * @return a listener that does nothing
   */
  static EvaluationListener none() {
    return (done, total) -> {};
  }
}
