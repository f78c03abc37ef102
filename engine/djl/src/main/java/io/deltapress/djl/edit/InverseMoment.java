package io.deltapress.djl.edit;

/**
 * The inverse P of a regularised second moment of keys, {@code P = (M + lambda I)^-1} with {@code M
 * = sum k k^T}: P k is long where the keys that were taken in are not, so a shift {@code b (P k)^T}
 * reaches k and leaves them alone as far as it can (ROME, Meng et al., 2022, equation 2). Binary64
 * throughout.
 *
 * <p>A key more costs a rank-one update (Sherman and Morrison) in place of a factoring.
 */
final class InverseMoment {

  private final int inputs;
  private final double[] inverse;

  private InverseMoment(int inputs, double[] inverse) {
    this.inputs = inputs;
    this.inverse = inverse;
  }

  /**
   * Inverts a second moment.
   *
   * @param moment M, row-major [inputs, inputs], positive semidefinite
   * @param inputs length of a key
   * @param ridge lambda, positive
   */
  static InverseMoment of(double[] moment, int inputs, double ridge) {
    if (!(ridge > 0)) {
      throw new IllegalArgumentException("the ridge of a second moment must be positive");
    }
    double[] regularised = moment.clone();
    double[] inverse = new double[inputs * inputs];
    for (int i = 0; i < inputs; i++) {
      regularised[i * inputs + i] += ridge;
      inverse[i * inputs + i] = 1;
    }
    Cholesky factored = Cholesky.of(regularised, inputs);
    for (int i = 0; i < inputs; i++) {
      factored.solve(inverse, i * inputs);
    }
    return new InverseMoment(inputs, inverse);
  }

  /** The same, to go another way from here. */
  InverseMoment copy() {
    return new InverseMoment(inputs, inverse.clone());
  }

  int inputs() {
    return inputs;
  }

  /**
   * Adds keys to the moment: {@code P -= (P k) (P k)^T / (1 + k^T P k)} for each.
   *
   * @param keys row-major [rows, inputs]
   */
  void takeIn(double[] keys) {
    double[] spread = new double[inputs];
    for (int from = 0; from < keys.length; from += inputs) {
      times(keys, from, spread, 0);
      double along = 1;
      for (int i = 0; i < inputs; i++) {
        along += keys[from + i] * spread[i];
      }
      for (int i = 0; i < inputs; i++) {
        double factor = spread[i] / along;
        int row = i * inputs;
        for (int j = 0; j < inputs; j++) {
          inverse[row + j] -= factor * spread[j];
        }
      }
    }
  }

  /**
   * Multiplies each key by P.
   *
   * @param keys row-major [rows, inputs]
   * @return P k of each, in the same shape
   */
  double[] times(double[] keys) {
    double[] products = new double[keys.length];
    for (int from = 0; from < keys.length; from += inputs) {
      times(keys, from, products, from);
    }
    return products;
  }

  private void times(double[] keys, int from, double[] to, int at) {
    for (int i = 0; i < inputs; i++) {
      double sum = 0;
      int row = i * inputs;
      for (int j = 0; j < inputs; j++) {
        sum += inverse[row + j] * keys[from + j];
      }
      to[at + i] = sum;
    }
  }
}
