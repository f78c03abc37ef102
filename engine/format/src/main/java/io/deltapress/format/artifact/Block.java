package io.deltapress.format.artifact;

import io.deltapress.format.mask.MaskBlocks;
import io.deltapress.format.tensor.TensorData;
import java.io.IOException;

/** The arrays in which one block after the other is worked on. */
final class Block {
  private static final int MAX_BYTES = MaskBlocks.ELEMENTS * Long.BYTES;

  /** Elements of the base; of the result once a coder has been there. */
  final byte[] base = new byte[MAX_BYTES];

  /** Elements of the fine-tune. */
  final byte[] fineTuned = new byte[MAX_BYTES];

  /** Stored values of the kept positions. */
  final byte[] values = new byte[MAX_BYTES];

  /** Stored scales of the groups of kept values. */
  final byte[] scales = new byte[MaskBlocks.ELEMENTS / ValueCode.GROUP * Short.BYTES];

  /** Kept positions. */
  final char[] positions = new char[MaskBlocks.ELEMENTS];

  /** Index of the block in its tensor. */
  long index;

  /** Elements of the block. */
  int length;

  /** Bytes of the block. */
  int bytes;

  /** How many positions are kept. */
  int kept;

  /** Turns to a block of a tensor and reads it. */
  void readBase(TensorData tensor, long block) throws IOException {
    int elementBytes = tensor.info().dtype().bits() / Byte.SIZE;
    index = block;
    length = MaskBlocks.length(tensor.info().elementCount(), block);
    bytes = length * elementBytes;
    tensor.copyTo(block * MaskBlocks.ELEMENTS * elementBytes, base, 0, bytes);
  }

  /** Reads the same block of the fine-tune. */
  void readFineTuned(TensorData tensor) throws IOException {
    long offset = index * MaskBlocks.ELEMENTS * (tensor.info().dtype().bits() / Byte.SIZE);
    tensor.copyTo(offset, fineTuned, 0, bytes);
  }

  /** Index in the tensor of the i-th kept position. */
  long element(int i) {
    return index * MaskBlocks.ELEMENTS + positions[i];
  }
}
