package io.deltapress.djl.rescale;

/**
 * What a delta contributes to one output of a linear layer for one input x, as far as random drop
 * is concerned: of the coefficients c_j = D_j * x_j their sum S and the sum Q of their squares
 * (DAREx, section 3).
 *
 * @param sum S, what the whole delta adds to the output
 * @param squares Q, at least 0
 */
public record Influence(double sum, double squares) {

  /**
   * Adds up the coefficients of one output.
   *
   * @param coefficients c_j = D_j * x_j
   * @return their sums
   */
  public static Influence of(double... coefficients) {
    double sum = 0;
    double squares = 0;
    for (double coefficient : coefficients) {
      sum += coefficient;
      squares += coefficient * coefficient;
    }
    return new Influence(sum, squares);
  }
}
