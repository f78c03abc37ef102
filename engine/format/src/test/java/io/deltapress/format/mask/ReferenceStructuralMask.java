package io.deltapress.format.mask;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/**
 * The section {@code dp-structural-1} of {@code MASK.md} word for word, looking at every element of
 * a matrix: the oracle of {@link StructuralMaskGenerator}.
 */
public final class ReferenceStructuralMask {
  private final boolean[] rows;
  private final boolean[] columns;

  public ReferenceStructuralMask(long seed, String tensor, long k, int rows, int columns) {
    long perAxis = BigInteger.valueOf(k).multiply(BigInteger.TWO.pow(32)).sqrt().longValueExact();
    this.rows = kept(ReferenceMask.axis(seed, 0, tensor, perAxis), rows);
    this.columns = kept(ReferenceMask.axis(seed, 1, tensor, perAxis), columns);
  }

  private static boolean[] kept(ReferenceMask mask, int count) {
    boolean[] kept = new boolean[count];
    for (int b = 0; b * 65_536 < count; b++) {
      for (int position : mask.positions(b, Math.min(65_536, count - b * 65_536))) {
        kept[b * 65_536 + position] = true;
      }
    }
    return kept;
  }

  /** Kept elements of the whole matrix, row-major. */
  public List<Long> elements() {
    List<Long> elements = new ArrayList<>();
    for (int i = 0; i < rows.length; i++) {
      for (int j = 0; j < columns.length; j++) {
        if (rows[i] && columns[j]) {
          elements.add((long) i * columns.length + j);
        }
      }
    }
    return elements;
  }
}
