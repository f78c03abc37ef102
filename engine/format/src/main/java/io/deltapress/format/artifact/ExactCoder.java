package io.deltapress.format.artifact;

import io.deltapress.format.delta.DeltaArithmetic;
import io.deltapress.format.mask.KeepProbability;
import java.util.Arrays;

/** Stores the bits by which the result differs from the base. */
final class ExactCoder implements BlockCoder {
  private final DeltaArithmetic arithmetic;
  private final double rescale;

  /**
   * Nothing dropped and nothing rescaled is the fine-tune itself, which the arithmetic would miss
   * by a rounding now and then.
   */
  private final boolean fineTuneItself;

  ExactCoder(DeltaArithmetic arithmetic, KeepProbability keep, double rescale) {
    this.arithmetic = arithmetic;
    this.rescale = rescale;
    this.fineTuneItself = keep.keepsEverything() && rescale == 1;
  }

  @Override
  public int encode(Block block) {
    if (fineTuneItself) {
      // What is not finite in the base could not be restored by undoing.
      Arrays.fill(block.values, 0, block.bytes, (byte) 0);
      int failure = arithmetic.flip(block.base, block.positions, block.kept, block.values);
      if (failure != ALL_FINITE) {
        return failure;
      }
      int width = arithmetic.elementBytes();
      for (int i = 0; i < block.kept; i++) {
        int from = block.positions[i] * width;
        for (int b = 0; b < width; b++) {
          block.values[i * width + b] = (byte) (block.base[from + b] ^ block.fineTuned[from + b]);
        }
      }
      return decode(block);
    }
    int failure =
        arithmetic.drop(
            block.base, block.fineTuned, block.positions, block.kept, rescale, block.values);
    return failure == ALL_FINITE ? decode(block) : failure;
  }

  @Override
  public int decode(Block block) {
    return arithmetic.flip(block.base, block.positions, block.kept, block.values);
  }
}
