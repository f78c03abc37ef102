package io.deltapress.format.lowrank;

/**
 * A sum of products held as a matrix of binary64, so that one more product costs that product only.
 * Its elements are those of a {@link LowRankUpdate} of the same products and the scale 1, bit for
 * bit. Not safe for use by several threads while products are added.
 */
public final class AccumulatedShift implements Shift {
  private final int columns;
  private final double[] sums;

  private AccumulatedShift(int columns, double[] sums) {
    this.columns = columns;
    this.sums = sums;
  }

  /**
   * The sum of no products.
   *
   * @param rows of the matrix as the checkpoint has it
   * @param columns likewise
   * @throws IllegalArgumentException if an array cannot hold its elements
   */
  public static AccumulatedShift zero(int rows, int columns) {
    long elements = (long) rows * columns;
    if (rows < 1 || columns < 1 || elements > Integer.MAX_VALUE - 8) {
      throw new IllegalArgumentException(
          "a matrix [%d, %d] is not one that can be accumulated".formatted(rows, columns));
    }
    return new AccumulatedShift(columns, new double[(int) elements]);
  }

  /** The same sum, to which other products can be added. */
  public AccumulatedShift copy() {
    return new AccumulatedShift(columns, sums.clone());
  }

  /**
   * Adds a product.
   *
   * @throws IllegalArgumentException if it has another number of columns
   */
  public void add(LowRankProduct product) {
    if (product.columns() != columns) {
      throw new IllegalArgumentException(
          "a product of %d columns cannot be added to %d".formatted(product.columns(), columns));
    }
    for (int at = 0; at < sums.length; at += columns) {
      product.addTo(at / columns, 0, sums, at, columns);
    }
  }

  @Override
  public void addTo(long first, double[] values, int count) {
    int from = Math.toIntExact(first);
    for (int i = 0; i < count; i++) {
      values[i] += sums[from + i];
    }
  }
}
