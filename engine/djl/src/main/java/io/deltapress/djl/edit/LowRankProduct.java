package io.deltapress.djl.edit;

import io.deltapress.format.edit.LowRankShift;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * A sum of outer products b_r a_r^T, brought to the smallest rank that stands for it: QR of both
 * factors, then the singular values of the small matrix between, all in binary64.
 */
final class LowRankProduct {

  /** A column that loses this much of its length to those before adds nothing of its own. */
  private static final double DEPENDENT = 1e-12;

  private static final int MOST_SWEEPS = 60;

  private final int rank;
  private final int inputs;
  private final int outputs;
  private final double[] left;
  private final double[] right;
  private final double[] singularValues;

  private LowRankProduct(
      int inputs, int outputs, double[] left, double[] right, double[] singularValues) {
    this.rank = singularValues.length;
    this.inputs = inputs;
    this.outputs = outputs;
    this.left = left;
    this.right = right;
    this.singularValues = singularValues;
  }

  /**
   * Decomposes a sum of outer products.
   *
   * @param a row-major [rows, inputs]
   * @param b row-major [rows, outputs]
   */
  static LowRankProduct of(double[] a, int inputs, double[] b, int outputs) {
    int rows = a.length / inputs;
    double[] orthogonalA = a.clone();
    double[] orthogonalB = b.clone();
    double[] mixA = orthogonalise(orthogonalA, rows, inputs);
    double[] mixB = orthogonalise(orthogonalB, rows, outputs);
    // With a_r = sum_k mixA[k, r] qa_k, the product is sum_kl qb_k (mixB mixA^T)[k, l] qa_l^T.
    double[] core = new double[rows * rows];
    for (int k = 0; k < rows; k++) {
      for (int l = 0; l < rows; l++) {
        for (int r = 0; r < rows; r++) {
          core[k * rows + l] += mixB[k * rows + r] * mixA[l * rows + r];
        }
      }
    }
    double[] rotation = diagonalise(core, rows);
    return sorted(core, rotation, rows, orthogonalA, inputs, orthogonalB, outputs);
  }

  /**
   * Makes rows orthonormal by Gram and Schmidt's method, each made orthogonal twice, and returns
   * what the old rows are made of: [new, old]. Rows without anything of their own become 0.
   */
  private static double[] orthogonalise(double[] rows, int count, int length) {
    double[] mix = new double[count * count];
    for (int r = 0; r < count; r++) {
      double before = StrictMath.sqrt(dot(rows, r * length, r * length, length));
      for (int pass = 0; pass < 2; pass++) {
        for (int k = 0; k < r; k++) {
          double along = dot(rows, k * length, r * length, length);
          mix[k * count + r] += along;
          addTo(rows, r * length, -along, k * length, length);
        }
      }
      double after = StrictMath.sqrt(dot(rows, r * length, r * length, length));
      boolean independent = after > DEPENDENT * before;
      mix[r * count + r] = independent ? after : 0;
      for (int i = r * length; i < (r + 1) * length; i++) {
        rows[i] = independent ? rows[i] / after : 0;
      }
    }
    return mix;
  }

  private static double dot(double[] rows, int first, int second, int length) {
    double sum = 0;
    for (int i = 0; i < length; i++) {
      sum += rows[first + i] * rows[second + i];
    }
    return sum;
  }

  private static void addTo(double[] rows, int to, double factor, int from, int length) {
    for (int i = 0; i < length; i++) {
      rows[to + i] += factor * rows[from + i];
    }
  }

  /**
   * One-sided Jacobi: rotates rows of the matrix until they are orthogonal, and returns the
   * rotation, so that rotation^T · result is what was given.
   */
  private static double[] diagonalise(double[] matrix, int size) {
    double[] rotation = new double[size * size];
    for (int i = 0; i < size; i++) {
      rotation[i * size + i] = 1;
    }
    boolean rotated = true;
    for (int sweep = 0; rotated && sweep < MOST_SWEEPS; sweep++) {
      rotated = false;
      for (int p = 0; p < size; p++) {
        for (int q = p + 1; q < size; q++) {
          rotated |= rotate(matrix, rotation, p, q, size);
        }
      }
    }
    return rotation;
  }

  private static boolean rotate(double[] matrix, double[] rotation, int p, int q, int size) {
    double alpha = dot(matrix, p * size, p * size, size);
    double beta = dot(matrix, q * size, q * size, size);
    double gamma = dot(matrix, p * size, q * size, size);
    if (Math.abs(gamma) <= 1e-15 * StrictMath.sqrt(alpha * beta) || gamma == 0) {
      return false;
    }
    double zeta = (beta - alpha) / (2 * gamma);
    double tangent = Math.copySign(1, zeta) / (Math.abs(zeta) + StrictMath.hypot(1, zeta));
    double cosine = 1 / StrictMath.hypot(1, tangent);
    double sine = cosine * tangent;
    turn(matrix, p * size, q * size, cosine, sine, size);
    turn(rotation, p * size, q * size, cosine, sine, size);
    return true;
  }

  private static void turn(double[] rows, int p, int q, double cosine, double sine, int length) {
    for (int i = 0; i < length; i++) {
      double first = rows[p + i];
      double second = rows[q + i];
      rows[p + i] = cosine * first - sine * second;
      rows[q + i] = sine * first + cosine * second;
    }
  }

  /** Puts the parts together, the largest singular value first, without those that are 0. */
  private static LowRankProduct sorted(
      double[] core,
      double[] rotation,
      int size,
      double[] orthogonalA,
      int inputs,
      double[] orthogonalB,
      int outputs) {
    double[] lengths = new double[size];
    for (int r = 0; r < size; r++) {
      lengths[r] = StrictMath.sqrt(dot(core, r * size, r * size, size));
    }
    int[] order =
        IntStream.range(0, size)
            .filter(r -> lengths[r] > 0)
            .boxed()
            .sorted((x, y) -> Double.compare(lengths[y], lengths[x]))
            .mapToInt(Integer::intValue)
            .toArray();
    double[] values = new double[order.length];
    double[] left = new double[order.length * outputs];
    double[] right = new double[order.length * inputs];
    for (int r = 0; r < order.length; r++) {
      int from = order[r] * size;
      values[r] = lengths[order[r]];
      for (int k = 0; k < size; k++) {
        combine(left, r * outputs, rotation[from + k], orthogonalB, k * outputs, outputs);
        combine(right, r * inputs, core[from + k] / values[r], orthogonalA, k * inputs, inputs);
      }
    }
    return new LowRankProduct(inputs, outputs, left, right, values);
  }

  private static void combine(
      double[] to, int first, double factor, double[] from, int second, int length) {
    for (int i = 0; i < length; i++) {
      to[first + i] += factor * from[second + i];
    }
  }

  /** Frobenius norm. */
  double norm() {
    return normFrom(0);
  }

  private double normFrom(int first) {
    double sum = 0;
    for (int r = rank - 1; r >= first; r--) {
      sum += singularValues[r] * singularValues[r];
    }
    return StrictMath.sqrt(sum);
  }

  /** The smallest rank whose error is at most this share of the norm. */
  private int rankWithin(double tolerance) {
    int kept = rank;
    while (kept > 0 && normFrom(kept - 1) <= tolerance * norm()) {
      kept--;
    }
    return kept;
  }

  /**
   * Gives the shift, each factor having the root of the singular value.
   *
   * @param tolerance largest error as a share of the Frobenius norm, 0 to below 1
   * @return the shift; empty if the product is 0
   */
  Optional<LowRankShift> shift(String weight, double tolerance) {
    int kept = rankWithin(tolerance);
    if (kept == 0) {
      return Optional.empty();
    }
    float[] a = new float[kept * inputs];
    float[] b = new float[outputs * kept];
    for (int r = 0; r < kept; r++) {
      double root = StrictMath.sqrt(singularValues[r]);
      for (int i = 0; i < inputs; i++) {
        a[r * inputs + i] = (float) (root * right[r * inputs + i]);
      }
      for (int o = 0; o < outputs; o++) {
        b[o * kept + r] = (float) (root * left[r * outputs + o]);
      }
    }
    return Optional.of(new LowRankShift(weight, kept, inputs, outputs, a, b));
  }
}
