package io.deltapress.format.mask;

import org.jspecify.annotations.Nullable;

/**
 * The mask of one tensor, drawn from a seed: every position is kept with the same probability,
 * independently of all others. Any block can be had without those before it, and the cost is that
 * of what is kept.
 *
 * <p>Immutable; safe for use by several threads.
 */
public final class SeededMask {
  /** The odd number nearest to 2^64 divided by the golden ratio: the step of SplitMix64. */
  private static final long GOLDEN_GAMMA = 0x9E37_79B9_7F4A_7C15L;

  private final long key;
  private final KeepProbability keep;
  private final @Nullable GapTable gaps;

  SeededMask(long key, KeepProbability keep, @Nullable GapTable gaps) {
    this.key = key;
    this.keep = keep;
    this.gaps = gaps;
  }

  /**
   * Draws the kept positions of one block.
   *
   * @param block index of the block in the tensor
   * @param length elements of the block, at most {@link MaskBlocks#ELEMENTS}
   * @param into where to put the positions, ascending and relative to the block; room for {@code
   *     length} of them
   * @return how many positions are kept
   */
  public int positions(long block, int length, char[] into) {
    if (gaps != null) {
      return draw(gaps, key + block * MaskBlocks.ELEMENTS * GOLDEN_GAMMA, length, into);
    }
    if (keep.keepsNothing()) {
      return 0;
    }
    for (int i = 0; i < length; i++) {
      into[i] = (char) i;
    }
    return length;
  }

  private static int draw(GapTable gaps, long blockKey, int length, char[] into) {
    long counter = blockKey;
    int kept = 0;
    int position = -1;
    while (true) {
      counter += GOLDEN_GAMMA;
      position += 1 + gaps.gap(mix(counter));
      if (position >= length) {
        return kept;
      }
      into[kept++] = (char) position;
    }
  }

  /** Goes through the blocks from the first one on. */
  public MaskCursor cursor() {
    return new Cursor();
  }

  private final class Cursor implements MaskCursor {
    private long block;

    @Override
    public int next(int length, char[] into) {
      return positions(block++, length, into);
    }

    @Override
    public void finish() {
      // A seed draws masks of any length.
    }
  }

  /**
   * Positions kept in the whole tensor, found by drawing them.
   *
   * @param elements elements of the tensor
   */
  public long count(long elements) {
    if (gaps == null) {
      return keep.keepsNothing() ? 0 : elements;
    }
    char[] positions = new char[MaskBlocks.ELEMENTS];
    long count = 0;
    for (long block = 0; block < MaskBlocks.count(elements); block++) {
      count += positions(block, MaskBlocks.length(elements, block), positions);
    }
    return count;
  }

  /** The finaliser of SplitMix64 (Steele, Lea and Flood, OOPSLA 2014; variant 13 of Stafford). */
  static long mix(long counter) {
    long z = counter;
    z = (z ^ (z >>> 30)) * 0xBF58_476D_1CE4_E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D0_49BB_1331_11EBL;
    return z ^ (z >>> 31);
  }
}
