package io.deltapress.format.lora;

import io.deltapress.format.tensor.DType;
import io.deltapress.format.tensor.TensorData;
import io.deltapress.format.tensor.TensorInfo;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A matrix of the base with the update of an adapter added: base + scale · B · A in binary64, in
 * blocks, rounded once to the type of the base.
 */
final class MergedTensorData extends ComputedTensorData {
  private static final int BLOCK_ELEMENTS = 1 << 16;

  private final TensorData base;
  private final LowRankUpdate update;

  MergedTensorData(TensorData base, LowRankUpdate update) {
    this.base = base;
    this.update = update;
  }

  @Override
  public TensorInfo info() {
    return base.info();
  }

  /** One thread at a time: the sums of a row have one place. */
  @Override
  synchronized void compute(long byteOffset, ByteBuffer into) throws IOException {
    DType dtype = info().dtype();
    int width = dtype.bits() / Byte.SIZE;
    double[] values = new double[Math.min(BLOCK_ELEMENTS, into.remaining() / width + 2)];
    ByteBuffer block = ByteBuffer.allocate(values.length * width).order(ByteOrder.LITTLE_ENDIAN);
    long element = byteOffset / width;
    int skip = (int) (byteOffset % width);
    while (into.hasRemaining()) {
      long left = info().elementCount() - element;
      int count = (int) Math.min(Math.min(values.length, left), elements(into, skip, width));
      ByteBuffer old = base.slice(element * width, count * width);
      for (int i = 0; i < count; i++) {
        values[i] = OnceRounded.get(dtype, old);
      }
      update.addTo(element, values, count);
      block.clear();
      for (int i = 0; i < count; i++) {
        OnceRounded.put(dtype, block, values[i]);
      }
      block.flip().position(skip);
      block.limit(Math.min(block.limit(), skip + into.remaining()));
      into.put(block);
      element += count;
      skip = 0;
    }
  }

  /** Elements that the rest of a buffer touches, the last perhaps in part. */
  private static long elements(ByteBuffer into, int skip, int width) {
    return ((long) skip + into.remaining() + width - 1) / width;
  }
}
