package io.deltapress.format.mask;

import io.deltapress.format.tensor.TensorInfo;
import org.jspecify.annotations.Nullable;

/**
 * Draws the masks of an artifact: one seed, one keep probability, a mask per tensor name. The
 * algorithm is {@value #ID}, defined to the bit by {@code MASK.md}.
 *
 * <p>Immutable; safe for use by several threads.
 */
public final class MaskGenerator implements DrawnMasks {
  /** The name of the algorithm in artifacts. */
  public static final String ID = "dp-mask-1";

  private final long seed;
  private final KeepProbability keep;
  private final @Nullable GapTable gaps;

  /**
   * A generator.
   *
   * @param seed any 64 bits
   * @param keep how likely a position is kept
   */
  public MaskGenerator(long seed, KeepProbability keep) {
    this.seed = seed;
    this.keep = keep;
    this.gaps = keep.keepsNothing() || keep.keepsEverything() ? null : new GapTable(keep);
  }

  /** The mask of the tensor of that name. */
  public SeededMask mask(String tensor) {
    return new SeededMask(TensorKey.of(seed, tensor), keep, gaps);
  }

  /** The mask of the rows of a matrix, of which each row is an element. */
  SeededMask maskOfRows(String matrix) {
    return new SeededMask(TensorKey.ofAxis(seed, 0, matrix), keep, gaps);
  }

  /** The mask of the columns of a matrix, of which each column is an element. */
  SeededMask maskOfColumns(String matrix) {
    return new SeededMask(TensorKey.ofAxis(seed, 1, matrix), keep, gaps);
  }

  @Override
  public MaskCursor cursor(TensorInfo tensor) {
    return mask(tensor.name()).cursor();
  }

  /** The seed. */
  public long seed() {
    return seed;
  }

  /** How likely a position is kept. */
  public KeepProbability keep() {
    return keep;
  }
}
