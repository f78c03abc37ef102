package io.deltapress.djl.rescale;

import io.deltapress.format.mask.KeepProbability;

/**
 * The error that random drop makes in an output of a linear layer, h = sum_j c_j (1 - k_j / q) with
 * k_j ~ Bernoulli(1 - p): its moments over the masks, and the bound of DARE (DAREx, section 3 and
 * appendix E.1).
 *
 * @param pruneRate the prune rate p, 0 to 1
 * @param rescale the factor q, positive
 */
public record RandomDrop(double pruneRate, double rescale) {

  /** Decimals to which 1 - p is rounded. */
  private static final double RESOLUTION = 1e12;

  /**
   * Below this distance from 1/2, Phi is computed from its series, since its terms would cancel.
   */
  private static final double NEAR_HALF = 1e-4;

  /** Checks the ranges. */
  public RandomDrop {
    KeepProbability.ofPruneRate(pruneRate);
    if (!(rescale > 0)) {
      throw new IllegalArgumentException("rescale factor " + rescale + " is not positive");
    }
  }

  /**
   * Describes plain DARE, which divides by 1 - p.
   *
   * @param pruneRate the prune rate p, at least 0 and below 1
   * @return its error
   */
  public static RandomDrop dare(double pruneRate) {
    return new RandomDrop(pruneRate, keepRate(pruneRate));
  }

  /**
   * Gives 1 - p without the binary noise of the subtraction: 1 - .99 is not .01.
   *
   * @param pruneRate the prune rate p, 0 to 1
   * @return 1 - p, to twelve decimals
   */
  public static double keepRate(double pruneRate) {
    return Math.round((1 - pruneRate) * RESOLUTION) / RESOLUTION;
  }

  /**
   * The expected error: (1 - (1-p)/q) S, which is 0 for DARE.
   *
   * @param influence of the delta on the output
   * @return E h
   */
  public double mean(Influence influence) {
    return (1 - keepRate(pruneRate) / rescale) * influence.sum();
  }

  /**
   * The variance of the error: p(1-p)/q^2 Q, which for DARE grows like 1/(1-p).
   *
   * @param influence of the delta on the output
   * @return Var h
   */
  public double variance(Influence influence) {
    return pruneRate * keepRate(pruneRate) / (rescale * rescale) * influence.squares();
  }

  /**
   * The expected squared error.
   *
   * @param influence of the delta on the output
   * @return E h^2
   */
  public double meanSquare(Influence influence) {
    double mean = mean(influence);
    return mean * mean + variance(influence);
  }

  /**
   * The factor that makes the expected squared error smallest: (1-p) + p sum(Q) / sum(S^2). It
   * weighs a loss of signal like noise and so shrinks far too much for a whole model; see {@link
   * ShapedRescale}.
   *
   * @param pruneRate the prune rate p, 0 to 1
   * @param squaredSums S^2, added up over outputs and inputs; positive
   * @param squares Q, added up over the same
   * @return the factor, at least 1 - p and not limited above
   */
  public static double leastSquares(double pruneRate, double squaredSums, double squares) {
    return keepRate(pruneRate) + pruneRate * squares / squaredSums;
  }

  /**
   * A bound that the error of DARE keeps with probability at least 1 - gamma: sqrt(Phi(p) Q
   * ln(2/gamma)) / (1-p) (DAREx, appendix E.1, equation 8).
   *
   * @param pruneRate the prune rate p, at least 0 and below 1
   * @param influence of the delta on the output
   * @param gamma how often the bound may be missed, above 0 and below 1
   * @return the bound of |h|
   */
  public static double dareBound(double pruneRate, Influence influence, double gamma) {
    return StrictMath.sqrt(phi(pruneRate) * influence.squares() * StrictMath.log(2 / gamma))
        / keepRate(pruneRate);
  }

  /**
   * The constant of Kearns and Saul (1998), Phi(p) = (1-2p) / ln((1-p)/p): for B ~ Bernoulli(p) and
   * every t, E exp(t(B-p)) is at most exp(Phi(p) t^2 / 4).
   *
   * @param pruneRate p, 0 to 1
   * @return Phi(p), from 0 at both ends to 1/2 in the middle
   */
  public static double phi(double pruneRate) {
    double distance = 1 - 2 * pruneRate;
    if (Math.abs(distance) < NEAR_HALF) {
      return 0.5 - distance * distance / 6;
    }
    return distance / (StrictMath.log1p(distance) - StrictMath.log1p(-distance));
  }
}
