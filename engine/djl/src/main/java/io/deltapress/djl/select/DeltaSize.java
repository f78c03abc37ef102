package io.deltapress.djl.select;

import java.util.Locale;

/**
 * How large a delta is.
 *
 * @param meanAbsolute mean |d| over the pruned tensors
 * @param relative mean |d| over mean |w| of the base, over the same tensors; 0 if that is 0
 */
public record DeltaSize(double meanAbsolute, double relative) {

  /**
   * Between the fine-tunes on which random drop won (mean |d| up to .00073) and the one on which
   * importance did (.017; DAREx, table 8), the geometric mean.
   */
  private static final double LARGE = 0.0035;

  /**
   * Says what the published decision flow expects of a delta of that size. The choice does not
   * depend on it.
   *
   * @return whether magnitudes are expected to matter more than chance
   */
  public boolean isLarge() {
    return meanAbsolute > LARGE;
  }

  /**
   * Puts that into words.
   *
   * @return one sentence without a full stop
   */
  public String expectation() {
    return String.format(
        Locale.ROOT,
        "mean |d| is %.3g (%.3g of the weights), so the published flow expects %s to win",
        meanAbsolute,
        relative,
        isLarge() ? "importance" : "random drop");
  }
}
