package io.deltapress.djl.rescale;

/** Told how far a search has come, on the thread that searches. */
@FunctionalInterface
public interface RescaleListener {

  /**
   * A value was measured.
   *
   * @param strategy whose search it is
   * @param trial the value and its figure
   * @param number how many have been measured, this one included
   */
  void tried(RescaleStrategy strategy, Trial trial, int number);

  /**
   * Ignores everything.
   *
   * @return a listener that does nothing
   */
  static RescaleListener none() {
    return (strategy, trial, number) -> {};
  }
}
