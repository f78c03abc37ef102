package io.deltapress.format.delta;

import io.deltapress.format.mask.SeededMask;
import io.deltapress.format.tensor.DType;

/**
 * Random drop and rescale (DARE, Yu et al., ICML 2024; DAREx-q divides by another q) of one block:
 * draws the mask and computes the exact result at the kept positions, in time proportional to
 * these.
 *
 * <p>Positions are drawn first and gathered from afterwards: two simple loops over heap arrays are
 * much faster than one that does both. Not safe for use by several threads.
 */
public final class RandomDrop {
  private final DeltaArithmetic arithmetic;
  private final double rescale;
  private final char[] positions;
  private int failure = DeltaArithmetic.ALL_FINITE;

  /**
   * @param dtype what the elements are
   * @param rescale the factor q, positive and finite
   * @param positions where to put the kept positions of a block; room for a whole one
   */
  public RandomDrop(DType dtype, double rescale, char[] positions) {
    this.arithmetic = DeltaArithmetic.of(dtype);
    this.rescale = rescale;
    this.positions = positions;
  }

  /**
   * Drops a block.
   *
   * @param mask the mask of the tensor
   * @param block index of the block
   * @param length elements in the block
   * @param base elements of the base, little-endian
   * @param fineTuned elements of the fine-tune, little-endian
   * @param values receives {@code bits(r) XOR bits(base)}, one element per kept position
   * @return how many positions are kept
   */
  public int drop(
      SeededMask mask, long block, int length, byte[] base, byte[] fineTuned, byte[] values) {
    int count = mask.positions(block, length, positions);
    failure = arithmetic.drop(base, fineTuned, positions, count, rescale, values);
    return count;
  }

  /** Index of the first kept position whose result is not finite, in the last block; -1 if none. */
  public int failure() {
    return failure;
  }
}
