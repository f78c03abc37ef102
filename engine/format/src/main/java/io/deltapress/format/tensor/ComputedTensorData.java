package io.deltapress.format.tensor;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Objects;

/** A tensor whose bytes are not on disk but computed where they are asked for. */
public abstract class ComputedTensorData implements TensorData {
  private static final int BLOCK_BYTES = 1 << 19;

  /**
   * Computes some bytes.
   *
   * @param byteOffset where to begin in the tensor
   * @param into filled from its position to its limit; little-endian
   */
  protected abstract void compute(long byteOffset, ByteBuffer into) throws IOException;

  @Override
  public final ByteBuffer slice(long byteOffset, int length) throws IOException {
    Objects.checkFromIndexSize(byteOffset, length, byteLength());
    if (length > MAX_SLICE_BYTES) {
      throw new IndexOutOfBoundsException(
          "slice of " + length + " bytes; the longest is " + MAX_SLICE_BYTES);
    }
    return computed(byteOffset, length).asReadOnlyBuffer().order(ByteOrder.LITTLE_ENDIAN);
  }

  private ByteBuffer computed(long byteOffset, int length) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    compute(byteOffset, bytes);
    return bytes.rewind();
  }

  @Override
  public final void copyTo(long byteOffset, byte[] into, int from, int count) throws IOException {
    Objects.checkFromIndexSize(byteOffset, (long) count, byteLength());
    Objects.checkFromIndexSize(from, count, into.length);
    ByteBuffer target = ByteBuffer.wrap(into, from, count).slice().order(ByteOrder.LITTLE_ENDIAN);
    compute(byteOffset, target);
  }

  @Override
  public final void copyTo(long byteOffset, short[] into, int from, int count) throws IOException {
    copy(byteOffset, count, Short.BYTES, (b, at, n) -> b.asShortBuffer().get(into, from + at, n));
  }

  @Override
  public final void copyTo(long byteOffset, int[] into, int from, int count) throws IOException {
    copy(byteOffset, count, Integer.BYTES, (b, at, n) -> b.asIntBuffer().get(into, from + at, n));
  }

  @Override
  public final void copyTo(long byteOffset, long[] into, int from, int count) throws IOException {
    copy(byteOffset, count, Long.BYTES, (b, at, n) -> b.asLongBuffer().get(into, from + at, n));
  }

  /** Puts some elements where they belong. */
  private interface Sink {
    void accept(ByteBuffer block, int at, int length);
  }

  private void copy(long byteOffset, int count, int width, Sink sink) throws IOException {
    int most = BLOCK_BYTES / width;
    for (int done = 0; done < count; done += most) {
      int length = Math.min(most, count - done);
      sink.accept(slice(byteOffset + (long) done * width, length * width), done, length);
    }
  }
}
