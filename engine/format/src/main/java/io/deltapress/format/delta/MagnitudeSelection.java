package io.deltapress.format.delta;

import java.io.IOException;

/**
 * Keeps the deltas of a tensor that are largest in magnitude and drops a given number of the
 * others; among equals the one with the lower index is dropped first. NaN counts as larger than
 * infinity.
 *
 * <p>The magnitude that divides them is found by radix selection over the bits of a binary64, 16 at
 * a time, most significant first: memory is that of a histogram, whatever the tensor.
 */
public final class MagnitudeSelection {
  private static final int DIGIT_BITS = 16;
  private static final int DIGIT_MASK = (1 << DIGIT_BITS) - 1;

  private final long threshold;
  private long equalsToDrop;

  private MagnitudeSelection(long threshold, long equalsToDrop) {
    this.threshold = threshold;
    this.equalsToDrop = equalsToDrop;
  }

  /** The deltas of a tensor, block by block, as often as they are asked for. */
  @FunctionalInterface
  public interface Deltas {
    /** Shows every block in order to a reader. */
    void forEachBlock(BlockReader reader) throws IOException;
  }

  /** Reads one block of deltas. */
  @FunctionalInterface
  public interface BlockReader {
    /** Reads the first {@code length} elements of an array that is reused afterwards. */
    void read(double[] deltas, int length);
  }

  /**
   * Finds what divides the kept from the dropped, in at most four passes over the deltas.
   *
   * @param deltas all deltas of a tensor
   * @param dropped how many of them to drop, at most as many as there are
   */
  public static MagnitudeSelection find(Deltas deltas, long dropped) throws IOException {
    if (dropped == 0) {
      return new MagnitudeSelection(-1, 0);
    }
    long prefix = 0;
    long rank = dropped;
    for (int shift = Long.SIZE - DIGIT_BITS; shift >= 0; shift -= DIGIT_BITS) {
      long[] histogram = histogram(deltas, prefix, shift);
      int digit = 0;
      while (rank > histogram[digit]) {
        rank -= histogram[digit++];
      }
      prefix |= (long) digit << shift;
    }
    return new MagnitudeSelection(prefix, rank);
  }

  /** How often each digit at {@code shift} occurs among magnitudes that agree with the prefix. */
  private static long[] histogram(Deltas deltas, long prefix, int shift) throws IOException {
    long[] histogram = new long[1 << DIGIT_BITS];
    int above = shift + DIGIT_BITS;
    long mask = above == Long.SIZE ? 0 : -1L << above;
    deltas.forEachBlock(
        (block, length) -> {
          for (int i = 0; i < length; i++) {
            long magnitude = magnitude(block[i]);
            if ((magnitude & mask) == prefix) {
              histogram[(int) (magnitude >>> shift) & DIGIT_MASK]++;
            }
          }
        });
    return histogram;
  }

  private static long magnitude(double delta) {
    return Double.doubleToLongBits(delta) & Long.MAX_VALUE;
  }

  /**
   * Finds the kept positions of the next block; blocks must come in order.
   *
   * @param into receives ascending positions
   * @return how many are kept
   */
  public int positions(double[] deltas, int length, char[] into) {
    int kept = 0;
    for (int i = 0; i < length; i++) {
      long magnitude = magnitude(deltas[i]);
      if (magnitude > threshold || magnitude == threshold && equalsToDrop-- <= 0) {
        into[kept++] = (char) i;
      }
    }
    return kept;
  }
}
