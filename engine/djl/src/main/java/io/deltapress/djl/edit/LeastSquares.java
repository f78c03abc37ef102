package io.deltapress.djl.edit;

import org.jspecify.annotations.Nullable;

/**
 * The shift S that comes closest to giving each key its value, and costs least: it minimises |K S -
 * V|² + tr(S^T (C + lambda I) S), so S = (C + lambda I + K^T K)^-1 K^T V (MALMEN, Tan et al., 2024,
 * equation 4, for C = 0). C is what is known of keys whose outputs are to stay as they are.
 *
 * <p>S is a sum over rows, {@code solved_i v_i^T} with {@code solved = K (C + lambda I + K^T
 * K)^-1}: each row has a factor of its own, and with it each edit. All of it is binary64.
 */
final class LeastSquares {

  private LeastSquares() {}

  /** Which matrix is factored; both give the same but for rounding. */
  enum Form {
    /** [inputs, inputs]: for more rows than inputs. */
    PRIMAL,
    /** [rows, rows]: for fewer. With P = (C + lambda I)^-1 it is (K P K^T + I)^-1 K P. */
    DUAL;

    /** The form that costs less; only the primal one takes a C without a factoring of its own. */
    static Form cheapest(int rows, int inputs, boolean known) {
      return known || rows >= inputs ? PRIMAL : DUAL;
    }
  }

  /**
   * Solves for the keys' side of every row.
   *
   * @param keys row-major [rows, inputs]
   * @param inputs length of a key
   * @param ridge lambda, positive
   * @param known C, row-major [inputs, inputs], positive semidefinite; null for 0
   * @return row-major [rows, inputs]
   */
  static double[] solvedKeys(
      double[] keys, int inputs, double ridge, double @Nullable [] known, Form form) {
    if (!(ridge > 0)) {
      throw new IllegalArgumentException("the ridge of least squares must be positive");
    }
    return form == Form.PRIMAL
        ? primal(keys, inputs, ridge, known)
        : dual(keys, inputs, ridge, known);
  }

  /**
   * Solves for the keys' side of every row by the form that costs less, with C = 0.
   *
   * @param keys as in {@link #solvedKeys(double[], int, double, double[], Form)}
   */
  static double[] solvedKeys(double[] keys, int inputs, double ridge) {
    Form form = Form.cheapest(keys.length / inputs, inputs, false);
    return solvedKeys(keys, inputs, ridge, null, form);
  }

  /**
   * Solves once more: K (lambda I + K^T K)^-2, for gradients with respect to lambda.
   *
   * @param keys as in {@link #solvedKeys(double[], int, double)}
   * @param solved what that gave, for C = 0
   */
  static double[] solvedAgain(double[] keys, double[] solved, int inputs, double ridge) {
    int rows = keys.length / inputs;
    // (K K^T + lambda I)^-1 from the left is (K^T K + lambda I)^-1 from the right.
    if (Form.cheapest(rows, inputs, false) == Form.DUAL) {
      double[] gram = gram(keys, keys, inputs, ridge);
      return solvedColumns(Cholesky.of(gram, rows), solved, inputs);
    }
    return eachSolved(Cholesky.of(normal(keys, inputs, ridge, null), inputs), solved, inputs);
  }

  private static double[] primal(
      double[] keys, int inputs, double ridge, double @Nullable [] known) {
    return eachSolved(Cholesky.of(normal(keys, inputs, ridge, known), inputs), keys, inputs);
  }

  /** Lower triangle of C + lambda I + K^T K. */
  private static double[] normal(
      double[] keys, int inputs, double ridge, double @Nullable [] known) {
    double[] matrix = covariance(inputs, ridge, known);
    int rows = keys.length / inputs;
    for (int row = 0; row < rows; row++) {
      for (int i = 0; i < inputs; i++) {
        double key = keys[row * inputs + i];
        for (int j = 0; j <= i; j++) {
          matrix[i * inputs + j] += key * keys[row * inputs + j];
        }
      }
    }
    return matrix;
  }

  private static double[] covariance(int inputs, double ridge, double @Nullable [] known) {
    double[] matrix = known == null ? new double[inputs * inputs] : known.clone();
    for (int i = 0; i < inputs; i++) {
      matrix[i * inputs + i] += ridge;
    }
    return matrix;
  }

  private static double[] eachSolved(Cholesky factored, double[] keys, int inputs) {
    double[] solved = keys.clone();
    for (int from = 0; from < keys.length; from += inputs) {
      factored.solve(solved, from);
    }
    return solved;
  }

  private static double[] dual(double[] keys, int inputs, double ridge, double @Nullable [] known) {
    int rows = keys.length / inputs;
    double[] spread =
        known == null
            ? scaled(keys, 1 / ridge)
            : eachSolved(Cholesky.of(covariance(inputs, ridge, known), inputs), keys, inputs);
    return solvedColumns(Cholesky.of(gram(spread, keys, inputs, 1), rows), spread, inputs);
  }

  /** Lower triangle of left right^T + added I. */
  private static double[] gram(double[] left, double[] right, int inputs, double added) {
    int rows = left.length / inputs;
    double[] gram = new double[rows * rows];
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j <= i; j++) {
        gram[i * rows + j] =
            dot(left, i * inputs, right, j * inputs, inputs) + (i == j ? added : 0);
      }
    }
    return gram;
  }

  private static double[] scaled(double[] values, double factor) {
    double[] scaled = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      scaled[i] = values[i] * factor;
    }
    return scaled;
  }

  private static double[] solvedColumns(Cholesky factored, double[] matrix, int columns) {
    int rows = matrix.length / columns;
    double[] solved = new double[matrix.length];
    double[] column = new double[rows];
    for (int j = 0; j < columns; j++) {
      for (int i = 0; i < rows; i++) {
        column[i] = matrix[i * columns + j];
      }
      factored.solve(column, 0);
      for (int i = 0; i < rows; i++) {
        solved[i * columns + j] = column[i];
      }
    }
    return solved;
  }

  private static double dot(double[] a, int aFrom, double[] b, int bFrom, int length) {
    double sum = 0;
    for (int i = 0; i < length; i++) {
      sum += a[aFrom + i] * b[bFrom + i];
    }
    return sum;
  }
}
