package io.deltapress.format.artifact;

import io.deltapress.format.delta.DeltaArithmetic;
import io.deltapress.format.tensor.TensorInfo;

/**
 * Turns a block of the base into its result, and the change at the kept positions into stored bytes
 * or back. Not safe for use by several threads.
 */
interface BlockCoder {
  /** What a method returns when every result is finite. */
  int ALL_FINITE = DeltaArithmetic.ALL_FINITE;

  /** The coder of a tensor. */
  static BlockCoder of(ArtifactHeader header, TensorInfo tensor) {
    DeltaArithmetic arithmetic = DeltaArithmetic.of(tensor.dtype());
    double rescale = header.rescale().factor(tensor.name());
    return header.values() == ValueCode.EXACT
        ? new ExactCoder(arithmetic, header.keep(), rescale)
        : new RoundedCoder(arithmetic, rescale, ValueRounding.of(header.values()));
  }

  /**
   * Computes the stored bytes of a block, and its result in place of the base.
   *
   * @return {@link #ALL_FINITE}, or the index of the first kept position with a result that is not
   *     finite
   */
  int encode(Block block);

  /**
   * Computes the result of a block in place of the base, from the stored bytes.
   *
   * @return as {@link #encode}
   */
  int decode(Block block);
}
