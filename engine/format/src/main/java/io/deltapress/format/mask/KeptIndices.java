package io.deltapress.format.mask;

import java.util.Arrays;

/**
 * The kept indices of one axis of a matrix, drawn block by block as they are asked for: memory is
 * that of a block, however long the axis. Fast where they are asked for in ascending order. Not
 * safe for use by several threads.
 */
final class KeptIndices {
  private final SeededMask mask;
  private final long count;
  private final char[] positions;
  private long block = -1;
  private int kept;

  /** Where to look first: the position found last. */
  private int at;

  /**
   * @param count how long the axis is
   */
  KeptIndices(SeededMask mask, long count) {
    this.mask = mask;
    this.count = count;
    this.positions = new char[(int) Math.min(MaskBlocks.ELEMENTS, count)];
  }

  /** How long the axis is. */
  long count() {
    return count;
  }

  /**
   * The first kept index in {@code from … until - 1}.
   *
   * @param until at most {@link #count()}
   * @return {@code until} or more if none is kept there
   */
  long next(long from, long until) {
    long wanted = from / MaskBlocks.ELEMENTS;
    int position = (int) (from % MaskBlocks.ELEMENTS);
    while (wanted * MaskBlocks.ELEMENTS < until) {
      draw(wanted);
      int found = find(position);
      if (found < kept) {
        at = found;
        return wanted * MaskBlocks.ELEMENTS + positions[found];
      }
      wanted++;
      position = 0;
    }
    return until;
  }

  private void draw(long wanted) {
    if (wanted != block) {
      kept = mask.positions(wanted, MaskBlocks.length(count, wanted), positions);
      block = wanted;
      at = 0;
    }
  }

  /** Index of the first of the positions that is not below this one. */
  private int find(int position) {
    if (at + 1 < kept && positions[at] < position && positions[at + 1] >= position) {
      return at + 1;
    }
    int found = Arrays.binarySearch(positions, 0, kept, (char) position);
    return found < 0 ? -found - 1 : found;
  }
}
