package io.deltapress.djl.edit;

/**
 * The lower triangle L of a symmetric positive definite matrix L L^T, in binary64, to solve with.
 */
final class Cholesky {

  private final int size;
  private final double[] lower;

  private Cholesky(int size, double[] lower) {
    this.size = size;
    this.lower = lower;
  }

  /**
   * Factors a matrix.
   *
   * @param matrix row-major [size, size], of which the lower triangle counts; overwritten
   * @throws ArithmeticException when it is not positive definite
   */
  static Cholesky of(double[] matrix, int size) {
    for (int i = 0; i < size; i++) {
      for (int j = 0; j <= i; j++) {
        double rest = matrix[i * size + j] - dot(matrix, i * size, j * size, j);
        if (i != j) {
          matrix[i * size + j] = rest / matrix[j * size + j];
        } else if (rest > 0) {
          matrix[i * size + i] = StrictMath.sqrt(rest);
        } else {
          throw new ArithmeticException(
              "a matrix to solve with is not positive definite: pivot %d is %s".formatted(i, rest));
        }
      }
    }
    return new Cholesky(size, matrix);
  }

  private static double dot(double[] matrix, int first, int second, int length) {
    double sum = 0;
    for (int k = 0; k < length; k++) {
      sum += matrix[first + k] * matrix[second + k];
    }
    return sum;
  }

  /**
   * Solves for one right side, in place.
   *
   * @param values an array that holds the right side, then the solution
   * @param from where it begins there
   */
  void solve(double[] values, int from) {
    for (int i = 0; i < size; i++) {
      double rest = values[from + i];
      for (int k = 0; k < i; k++) {
        rest -= lower[i * size + k] * values[from + k];
      }
      values[from + i] = rest / lower[i * size + i];
    }
    for (int i = size - 1; i >= 0; i--) {
      double solved = values[from + i] / lower[i * size + i];
      values[from + i] = solved;
      for (int k = 0; k < i; k++) {
        values[from + k] -= lower[i * size + k] * solved;
      }
    }
  }
}
