package io.deltapress.format.lowrank;

import io.deltapress.format.delta.OnceRounded;
import io.deltapress.format.tensor.ComputedTensorData;
import io.deltapress.format.tensor.DType;
import io.deltapress.format.tensor.TensorData;
import io.deltapress.format.tensor.TensorInfo;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A matrix of a checkpoint with a shift added: base + shift in binary64, in blocks, rounded once,
 * to nearest even, to the type of the base.
 */
public final class ShiftedTensorData extends ComputedTensorData {
  private static final int BLOCK_ELEMENTS = 1 << 16;

  private final TensorData base;
  private final Shift shift;
  private final NonFiniteRule rule;

  /** What is to be done about a result that is infinite or not a number. */
  @FunctionalInterface
  public interface NonFiniteRule {
    /** Takes it as it is. */
    NonFiniteRule ALLOWED = element -> {};

    /**
     * There is such a result.
     *
     * @param element its row-major index
     * @throws IOException if it is not allowed
     */
    void found(long element) throws IOException;
  }

  /**
   * @param base a matrix of floats
   * @param shift of a matrix of its shape; used by one thread at a time
   */
  public ShiftedTensorData(TensorData base, Shift shift, NonFiniteRule rule) {
    this.base = base;
    this.shift = shift;
    this.rule = rule;
  }

  @Override
  public TensorInfo info() {
    return base.info();
  }

  /** One thread at a time: the sums of a row have one place. */
  @Override
  protected synchronized void compute(long byteOffset, ByteBuffer into) throws IOException {
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
      shift.addTo(element, values, count);
      block.clear();
      for (int i = 0; i < count; i++) {
        if (!OnceRounded.put(dtype, block, values[i])) {
          rule.found(element + i);
        }
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
