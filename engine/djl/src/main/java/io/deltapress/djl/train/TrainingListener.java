package io.deltapress.djl.train;

/** Told about every step, on the training thread. */
@FunctionalInterface
public interface TrainingListener {

  /**
   * Called after each step.
   *
   * @param progress where the training is
   */
  void stepped(TrainingProgress progress);

  /**
   * Ignores everything.
   *
   * @return a listener that does nothing
   */
  static TrainingListener none() {
    return progress -> {};
  }
}
