package io.deltapress.format.artifact;

import io.deltapress.format.delta.DeltaArithmetic;
import io.deltapress.format.mask.MaskBlocks;

/** Stores the rescaled delta rounded; the result is computed from what was stored. */
final class RoundedCoder implements BlockCoder {
  private final DeltaArithmetic arithmetic;
  private final double rescale;
  private final ValueRounding rounding;
  private final float[] rescaled = new float[MaskBlocks.ELEMENTS];

  RoundedCoder(DeltaArithmetic arithmetic, double rescale, ValueRounding rounding) {
    this.arithmetic = arithmetic;
    this.rescale = rescale;
    this.rounding = rounding;
  }

  @Override
  public int encode(Block block) {
    arithmetic.rescale(block.base, block.fineTuned, block.positions, block.kept, rescale, rescaled);
    for (int i = 0; i < block.kept; i++) {
      if (!Float.isFinite(rescaled[i])) {
        return i;
      }
    }
    rounding.encode(rescaled, block.kept, block.values, block.scales);
    return decode(block);
  }

  @Override
  public int decode(Block block) {
    rounding.decode(block.values, block.scales, block.kept, rescaled);
    return arithmetic.add(block.base, block.positions, block.kept, rescaled);
  }
}
