package io.deltapress.format.mask;

import java.util.Arrays;

/**
 * Turns a 64-bit draw into a gap, the number of positions dropped before the next kept one, by
 * inverting the integer table {@code S} of {@code MASK.md}:
 *
 * <pre>
 * S(0) = 2^64,  S(j+1) = floor(S(j) * (2^32 - k) / 2^32)
 * gap(u) = number of j in 1..65536 with u &lt; S(j)
 * </pre>
 *
 * <p>A guide gives, for the leading bits of a draw, a gap that is not too large; the search goes on
 * from there. The guide saves time and changes nothing.
 */
final class GapTable {
  private static final int GUIDE_BITS = 13;
  private static final int GUIDE_SHIFT = Long.SIZE - GUIDE_BITS;

  /** {@code S(j+1)} at index j with its sign bit flipped, so that signed comparison orders it. */
  private final long[] thresholds;

  /** At index i the gap of the largest draw whose leading bits are i. */
  private final int[] guide = new int[1 << GUIDE_BITS];

  /**
   * @param keep neither 0 nor 1, which need no table
   */
  GapTable(KeepProbability keep) {
    thresholds = thresholds(KeepProbability.ONE - keep.k());
    int gap = 0;
    for (int i = guide.length - 1; i >= 0; i--) {
      long largest = ((long) i << GUIDE_SHIFT) | (-1L >>> GUIDE_BITS);
      gap = search(largest, gap);
      guide[i] = gap;
    }
  }

  private static long[] thresholds(long dropped) {
    long[] table = new long[MaskBlocks.ELEMENTS + 1];
    int size = 0;
    // S(1), the first that fits 64 bits.
    long s = dropped << 32;
    while (s != 0 && size < MaskBlocks.ELEMENTS) {
      table[size++] = s ^ Long.MIN_VALUE;
      s = (s >>> 32) * dropped + ((s & 0xFFFF_FFFFL) * dropped >>> 32);
    }
    // No draw is below zero: the search ends here without a bound of its own.
    table[size++] = Long.MIN_VALUE;
    return Arrays.copyOf(table, size);
  }

  /** The gap of a draw, from 0 to 65,536. */
  int gap(long draw) {
    return search(draw, guide[(int) (draw >>> GUIDE_SHIFT)]);
  }

  private int search(long draw, int from) {
    long flipped = draw ^ Long.MIN_VALUE;
    int gap = from;
    while (flipped < thresholds[gap]) {
      gap++;
    }
    return gap;
  }

  /** Entries of the table that are not zero. */
  int size() {
    return thresholds.length - 1;
  }
}
