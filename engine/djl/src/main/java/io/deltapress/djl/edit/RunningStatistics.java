package io.deltapress.djl.edit;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Mean and variance of every dimension of the rows seen so far, in binary64, row by row (Welford,
 * 1962): how rows are cut into batches makes no difference, not in a single bit.
 *
 * <p>A row is a key followed by its value. (The code of MALMEN and UltraEdit merges batches by
 * their unbiased variances times their sizes, which overstates the variance, and is not a number
 * for a batch of one row.)
 */
final class RunningStatistics {

  /** Added to the standard deviation before dividing, as in MEND. */
  private static final double EPSILON = 1e-7;

  private final double[] mean;
  private final double[] squares;
  private final double[] rows = new double[1];

  RunningStatistics(int dimensions) {
    this.mean = new double[dimensions];
    this.squares = new double[dimensions];
  }

  /**
   * All there is to keep, by name: {@code mean}, {@code squares} (sums of squared deviations) and
   * {@code rows} (one number). The arrays themselves, to be written over when going on from what
   * was kept.
   */
  SortedMap<String, double[]> state() {
    return new TreeMap<>(Map.of("mean", mean, "squares", squares, "rows", rows));
  }

  long rows() {
    return (long) rows[0];
  }

  /** Takes in the rows of one layer. */
  void add(KeyValueRows signals) {
    for (int row = 0; row < signals.rows(); row++) {
      rows[0]++;
      add(signals.keys(), row * signals.inputs(), signals.inputs(), 0);
      add(signals.values(), row * signals.outputs(), signals.outputs(), signals.inputs());
    }
  }

  private void add(float[] from, int first, int count, int dimension) {
    for (int i = 0; i < count; i++) {
      double value = from[first + i];
      double before = value - mean[dimension + i];
      mean[dimension + i] += before / rows[0];
      squares[dimension + i] += before * (value - mean[dimension + i]);
    }
  }

  /** Standard deviation of a dimension, from the unbiased variance; 0 of fewer than two rows. */
  double deviation(int dimension) {
    return rows() < 2 ? 0 : StrictMath.sqrt(squares[dimension] / (rows() - 1));
  }

  /** Rows as multiples of the standard deviation from the mean, [rows, inputs + outputs]. */
  double[] normalised(KeyValueRows signals) {
    int inputs = signals.inputs();
    int outputs = signals.outputs();
    double[] scale = new double[mean.length];
    for (int i = 0; i < scale.length; i++) {
      scale[i] = deviation(i) + EPSILON;
    }
    double[] normalised = new double[signals.rows() * (inputs + outputs)];
    for (int row = 0; row < signals.rows(); row++) {
      int to = row * (inputs + outputs);
      for (int i = 0; i < inputs; i++) {
        normalised[to + i] = (signals.keys()[row * inputs + i] - mean[i]) / scale[i];
      }
      for (int o = 0; o < outputs; o++) {
        int d = inputs + o;
        normalised[to + d] = (signals.values()[row * outputs + o] - mean[d]) / scale[d];
      }
    }
    return normalised;
  }
}
