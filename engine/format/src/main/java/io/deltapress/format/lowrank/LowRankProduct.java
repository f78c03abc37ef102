package io.deltapress.format.lowrank;

import io.deltapress.format.delta.LinearInput.Orientation;

/**
 * The product of two factors, laid out as a matrix of a checkpoint is: [rows, rank] times [rank,
 * columns]. Immutable.
 */
public final class LowRankProduct {
  private final float[] left;

  /** Widened once: a loop that converts as it goes is not vectorised. */
  private final double[] right;

  private final int rank;
  private final int columns;

  private LowRankProduct(float[] left, float[] right, int rank, int columns) {
    this.left = left;
    this.right = widened(right);
    this.rank = rank;
    this.columns = columns;
  }

  /**
   * The product B · A, or its transpose.
   *
   * @param a A, [rank, inputs]; not to be changed afterwards
   * @param b B, [outputs, rank]; likewise
   * @param orientation of the matrix of the checkpoint
   */
  public static LowRankProduct of(
      float[] a, float[] b, int rank, int inputs, int outputs, Orientation orientation) {
    return orientation == Orientation.OUTPUT_INPUT
        ? new LowRankProduct(b, a, rank, inputs)
        : new LowRankProduct(
            transposed(a, rank, inputs), transposed(b, outputs, rank), rank, outputs);
  }

  private static double[] widened(float[] matrix) {
    double[] wide = new double[matrix.length];
    for (int i = 0; i < wide.length; i++) {
      wide[i] = matrix[i];
    }
    return wide;
  }

  private static float[] transposed(float[] matrix, int rows, int columns) {
    float[] transposed = new float[matrix.length];
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < columns; column++) {
        transposed[column * rows + row] = matrix[row * columns + column];
      }
    }
    return transposed;
  }

  int columns() {
    return columns;
  }

  /**
   * Adds a part of a row to sums, in ascending order of the rank: a multiplication and an addition
   * for each, in binary64, so every machine has the same bits.
   *
   * @param sums to which it is added, from {@code at} on
   */
  void addTo(int row, int column, double[] sums, int at, int length) {
    for (int k = 0; k < rank; k++) {
      double factor = left[row * rank + k];
      int from = k * columns + column;
      for (int i = 0; i < length; i++) {
        sums[at + i] += factor * right[from + i];
      }
    }
  }
}
