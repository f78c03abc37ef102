package io.deltapress.djl.rescale;

import java.util.List;

/**
 * Gives each linear layer a factor in the shape of its least-squares factor, scaled by one scalar
 * beta that has to be searched: q = (1-p) + beta p sum(Q) / sum(S^2).
 *
 * <p>With beta = 0 that is DARE. Beta = 1, the least-squares factor itself, shrinks far too much
 * and is never tried.
 *
 * @param pruneRate the prune rate p, 0 to 1
 * @param beta how much noise weighs, at least 0
 */
public record ShapedRescale(double pruneRate, double beta) {

  /** Values of beta worth trying, ascending. */
  public static final List<Double> BETAS =
      List.of(0.0, .001, .002, .004, .008, .016, .03, .06, .12, .25, .5);

  /**
   * Computes the factor of a layer.
   *
   * @param squaredSums S^2, added up over the layer's outputs and many inputs
   * @param squares Q, added up over the same
   * @return the factor, from 1 - p to 1; 1 - p when the delta does nothing
   */
  public double layer(double squaredSums, double squares) {
    double keepRate = RandomDrop.keepRate(pruneRate);
    if (squares == 0) {
      return keepRate;
    }
    double excess = RandomDrop.leastSquares(pruneRate, squaredSums, squares) - keepRate;
    return Math.min(1, keepRate + (beta == 0 ? 0 : beta * excess));
  }
}
