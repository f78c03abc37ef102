package io.deltapress.format.mask;

import java.math.BigInteger;

/**
 * The probability {@code k / 2^32} with which a position is kept. Artifacts store {@code k}, so the
 * probability is exact wherever it is read.
 *
 * @param k from 0, which keeps nothing, to 2^32, which keeps everything
 */
public record KeepProbability(long k) {
  /** The value of {@code k} that keeps everything: 2^32. */
  public static final long ONE = 1L << 32;

  /**
   * @throws IllegalArgumentException if {@code k} is out of range
   */
  public KeepProbability {
    if (k < 0 || k > ONE) {
      throw new IllegalArgumentException("keep probability k = " + k + " is not in 0..2^32");
    }
  }

  /**
   * The nearest probability to {@code 1 - p}: {@code k = round((1 - p) * 2^32)} in binary64, halves
   * up.
   *
   * @param pruneRate the prune rate p, from 0 to 1
   * @throws IllegalArgumentException if p is NaN or out of range
   */
  public static KeepProbability ofPruneRate(double pruneRate) {
    if (!(pruneRate >= 0 && pruneRate <= 1)) {
      throw new IllegalArgumentException("prune rate " + pruneRate + " is not between 0 and 1");
    }
    return new KeepProbability(Math.round((1 - pruneRate) * ONE));
  }

  /** Whether every position is kept. */
  public boolean keepsEverything() {
    return k == ONE;
  }

  /** Whether no position is kept. */
  public boolean keepsNothing() {
    return k == 0;
  }

  /** The prune rate {@code 1 - k / 2^32}, exactly. */
  public double pruneRate() {
    return (ONE - k) / (double) ONE;
  }

  /**
   * How many of so many elements a method drops that drops a fixed number: {@code floor(elements *
   * (2^32 - k) / 2^32 + 1/2)}.
   */
  public long droppedCount(long elements) {
    return BigInteger.valueOf(elements)
        .multiply(BigInteger.valueOf(ONE - k))
        .add(BigInteger.ONE.shiftLeft(31))
        .shiftRight(32)
        .longValueExact();
  }

  /** Positions one expects to keep of so many elements, rounded down. */
  public long expectedCount(long elements) {
    return Math.multiplyHigh(elements, k) << 32 | (elements * k) >>> 32;
  }
}
