package io.deltapress.djl.rescale;

import java.util.Arrays;

/** How figures that were measured with several masks become one. */
public enum MaskAverage {
  /** The mean. */
  MEAN,
  /**
   * The mean without the one figure that is farthest from the mean of all, as published for
   * encoders; of two equally far the first one is left out. Fewer than three figures are all used.
   */
  MEAN_WITHOUT_OUTLIER;

  private static final int FEWEST_WITH_OUTLIER = 3;

  /**
   * Averages.
   *
   * @param figures one per mask, at least one
   * @return their average
   */
  public double of(double... figures) {
    double mean = Arrays.stream(figures).average().orElseThrow();
    if (this == MEAN || figures.length < FEWEST_WITH_OUTLIER || Double.isNaN(mean)) {
      return mean;
    }
    int outlier = 0;
    for (int i = 1; i < figures.length; i++) {
      if (Math.abs(figures[i] - mean) > Math.abs(figures[outlier] - mean)) {
        outlier = i;
      }
    }
    double sum = 0;
    for (int i = 0; i < figures.length; i++) {
      sum += i == outlier ? 0 : figures[i];
    }
    return sum / (figures.length - 1);
  }
}
