package io.deltapress.format.artifact;

import io.deltapress.format.delta.DeltaArithmetic;
import io.deltapress.format.mask.MaskBlocks;
import io.deltapress.format.tensor.TensorData;
import io.deltapress.format.tensor.TensorInfo;
import java.io.IOException;

/**
 * The deltas of one tensor, of which a stretch at a time is read into a block. Not safe for use by
 * several threads.
 */
final class DeltaBlocks {
  private final TensorData base;
  private final TensorData fineTuned;
  private final DeltaArithmetic arithmetic;
  private final Block block;
  private final double[] deltas;

  /**
   * @param block where elements are put
   * @param deltas where their deltas are put, room for a block
   */
  DeltaBlocks(TensorData base, TensorData fineTuned, Block block, double[] deltas) {
    this.base = base;
    this.fineTuned = fineTuned;
    this.arithmetic = DeltaArithmetic.of(base.info().dtype());
    this.block = block;
    this.deltas = deltas;
  }

  /** The tensor in the base. */
  TensorInfo info() {
    return base.info();
  }

  /** How many blocks there are. */
  long count() {
    return MaskBlocks.count(info().elementCount());
  }

  /** Turns to a block, with its elements and deltas. */
  void read(long index) throws IOException {
    block.readBase(base, index);
    block.readFineTuned(fineTuned);
    arithmetic.deltas(block.base, block.fineTuned, block.length, deltas);
  }

  /**
   * Reads the deltas of some elements, wherever blocks begin; the block is without meaning then.
   */
  double[] read(long element, int elements) throws IOException {
    int width = arithmetic.elementBytes();
    base.copyTo(element * width, block.base, 0, elements * width);
    fineTuned.copyTo(element * width, block.fineTuned, 0, elements * width);
    arithmetic.deltas(block.base, block.fineTuned, elements, deltas);
    return deltas;
  }
}
