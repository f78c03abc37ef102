package io.deltapress.djl.select;

import io.deltapress.djl.rescale.RescaleListener;
import io.deltapress.djl.rescale.RescaleStrategy;
import io.deltapress.djl.rescale.Trial;

/** Told how far a choice has come, on the thread that chooses. */
public interface SelectionListener extends RescaleListener {

  /**
   * A candidate's artifact was measured.
   *
   * @param measurement what it does
   * @param number how many have been measured, this one included
   * @param total how many there are
   */
  void measured(Measurement measurement, int number, int total);

  /**
   * Bounds a choice, for those who show progress.
   *
   * @return how often a listener is told of anything at most
   */
  static int mostSteps() {
    return Candidate.ALL.stream()
        .mapToInt(each -> 1 + (each.strategy() == null ? 0 : each.strategy().mostTrials()))
        .sum();
  }

  /**
   * Ignores everything.
   *
   * @return a listener that does nothing
   */
  static SelectionListener none() {
    return new SelectionListener() {
      @Override
      public void measured(Measurement measurement, int number, int total) {
        // Nobody wants to know.
      }

      @Override
      public void tried(RescaleStrategy strategy, Trial trial, int number) {
        // Nobody wants to know.
      }
    };
  }
}
