package io.deltapress.format.delta;

/**
 * What a delta looks like: moments over its finite elements. Statistics of parts combine into those
 * of the whole.
 *
 * @param count finite deltas seen
 * @param mean their mean; 0 if there are none
 * @param meanAbsolute mean of their magnitudes; 0 if there are none
 * @param variance mean squared distance from the mean (divided by the count, not one less); 0 if
 *     there are none
 * @param maxAbsolute largest magnitude; 0 if there are none
 * @param unchanged how many are zero
 */
public record DeltaStatistics(
    long count,
    double mean,
    double meanAbsolute,
    double variance,
    double maxAbsolute,
    long unchanged) {

  private static final DeltaStatistics EMPTY = new DeltaStatistics(0, 0, 0, 0, 0, 0);

  /** The statistics of no deltas at all. */
  public static DeltaStatistics empty() {
    return EMPTY;
  }

  /** Share of the deltas that is zero, from 0 to 1; 0 if there are none. */
  public double unchangedFraction() {
    return count == 0 ? 0 : (double) unchanged / count;
  }

  /**
   * The statistics of both parts together (Chan, Golub and LeVeque 1979, equation 2.1). The order
   * of combination moves the last bits of the result.
   */
  public DeltaStatistics combine(DeltaStatistics other) {
    if (count == 0 || other.count == 0) {
      return count == 0 ? other : this;
    }
    long total = count + other.count;
    double share = (double) other.count / total;
    double distance = other.mean - mean;
    return new DeltaStatistics(
        total,
        mean + distance * share,
        meanAbsolute + (other.meanAbsolute - meanAbsolute) * share,
        variance + (other.variance - variance) * share + distance * distance * share * (1 - share),
        Math.max(maxAbsolute, other.maxAbsolute),
        unchanged + other.unchanged);
  }

  /**
   * The statistics of a block of deltas.
   *
   * @param deltas the deltas; NaN and infinities are passed over
   * @param length how many of them to look at
   */
  public static DeltaStatistics of(double[] deltas, int length) {
    return BlockStatistics.of(deltas, length);
  }
}
