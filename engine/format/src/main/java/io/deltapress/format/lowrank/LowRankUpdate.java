package io.deltapress.format.lowrank;

import java.util.Arrays;
import java.util.List;

/**
 * The matrix scale · (the sum of products), of which parts are computed in binary64: products in
 * their order, each in ascending order of its rank. Memory holds the factors and one row. Not safe
 * for use by several threads.
 */
public final class LowRankUpdate implements Shift {
  private final List<LowRankProduct> products;
  private final int columns;
  private final double scale;
  private double[] sums = {};

  /**
   * @param products one or more, all of matrices of the same shape
   * @param scale what the sum is multiplied by
   */
  public LowRankUpdate(List<LowRankProduct> products, double scale) {
    this.products = List.copyOf(products);
    this.columns = products.get(0).columns();
    this.scale = scale;
  }

  @Override
  public void addTo(long first, double[] values, int count) {
    int done = 0;
    while (done < count) {
      int row = (int) ((first + done) / columns);
      int column = (int) ((first + done) % columns);
      int length = Math.min(columns - column, count - done);
      sum(row, column, length);
      for (int i = 0; i < length; i++) {
        values[done + i] += scale * sums[i];
      }
      done += length;
    }
  }

  private void sum(int row, int column, int length) {
    if (sums.length < length) {
      sums = new double[length];
    }
    Arrays.fill(sums, 0, length, 0);
    for (LowRankProduct product : products) {
      product.addTo(row, column, sums, 0, length);
    }
  }
}
