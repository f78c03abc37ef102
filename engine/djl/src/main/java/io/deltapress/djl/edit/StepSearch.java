package io.deltapress.djl.edit;

import java.util.Arrays;

/**
 * Finds a step for each edit of a batch: from a first one on it grows until the model gives all
 * labels of the edit with confidence. If the loss stops falling before, the step of the least loss
 * is taken. Steps of one batch are tried together, because edits bear on each other.
 */
final class StepSearch {

  /** A step is long enough when the labels have this likelihood, as a geometric mean. */
  private static final double CONFIDENCE = 0.8;

  private static final double GROWTH = 1.4;
  private static final int PATIENCE = 2;
  private static final int MOST_TRIALS = 24;

  private final double[] steps;
  private final double[] best;
  private final double[] leastLoss;
  private final int[] vain;
  private final boolean[] settled;
  private int trials;

  /** Begins with the shortest steps, all positive. */
  StepSearch(double[] first) {
    this.steps = first.clone();
    this.best = first.clone();
    this.leastLoss = new double[first.length];
    Arrays.fill(leastLoss, Double.POSITIVE_INFINITY);
    this.vain = new int[first.length];
    this.settled = new boolean[first.length];
  }

  /** Whether some edit wants another step. */
  boolean isOpen() {
    for (boolean isSettled : settled) {
      if (!isSettled) {
        return trials < MOST_TRIALS;
      }
    }
    return false;
  }

  /** The steps to try. */
  double[] next() {
    trials++;
    return steps.clone();
  }

  /** Learns what those steps did. */
  void tried(PromptOutcomes outcome) {
    double enough = -StrictMath.log(CONFIDENCE);
    for (int edit = 0; edit < steps.length; edit++) {
      if (!settled[edit]) {
        tried(edit, outcome.losses()[edit], outcome.right()[edit], enough);
      }
    }
  }

  private void tried(int edit, double loss, boolean right, double enough) {
    if (loss < leastLoss[edit]) {
      leastLoss[edit] = loss;
      best[edit] = steps[edit];
      vain[edit] = 0;
    } else {
      vain[edit]++;
    }
    settled[edit] = right && loss <= enough || vain[edit] > PATIENCE;
    steps[edit] = settled[edit] ? best[edit] : steps[edit] * GROWTH;
  }

  /** The steps to take. */
  double[] best() {
    return best.clone();
  }
}
