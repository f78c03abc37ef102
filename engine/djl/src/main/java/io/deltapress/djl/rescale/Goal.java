package io.deltapress.djl.rescale;

/** Which end of a scale is the good one. */
public enum Goal {
  /** Of an error. */
  SMALLEST,
  /** Of a score. */
  LARGEST;

  /**
   * Compares figures.
   *
   * @param figure one figure; NaN is worse than all else
   * @param other another
   * @return whether the first is better
   */
  public boolean isBetter(double figure, double other) {
    if (Double.isNaN(figure) || Double.isNaN(other)) {
      return Double.isNaN(other) && !Double.isNaN(figure);
    }
    return this == LARGEST ? figure > other : figure < other;
  }
}
