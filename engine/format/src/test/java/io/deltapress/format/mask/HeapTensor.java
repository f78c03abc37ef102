package io.deltapress.format.mask;

import io.deltapress.format.tensor.DType;
import io.deltapress.format.tensor.Shape;
import io.deltapress.format.tensor.TensorData;
import io.deltapress.format.tensor.TensorInfo;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Bytes that need no file. */
record HeapTensor(String name, byte[] bytes) implements TensorData {

  @Override
  public TensorInfo info() {
    return new TensorInfo(name, DType.U8, Shape.of(bytes.length));
  }

  @Override
  public ByteBuffer slice(long byteOffset, int length) {
    return ByteBuffer.wrap(bytes, (int) byteOffset, length)
        .slice()
        .asReadOnlyBuffer()
        .order(ByteOrder.LITTLE_ENDIAN);
  }

  @Override
  public void copyTo(long byteOffset, byte[] into, int from, int count) {
    System.arraycopy(bytes, (int) byteOffset, into, from, count);
  }

  @Override
  public void copyTo(long byteOffset, short[] into, int from, int count) {
    slice(byteOffset, count * Short.BYTES).asShortBuffer().get(into, from, count);
  }

  @Override
  public void copyTo(long byteOffset, int[] into, int from, int count) {
    slice(byteOffset, count * Integer.BYTES).asIntBuffer().get(into, from, count);
  }

  @Override
  public void copyTo(long byteOffset, long[] into, int from, int count) {
    slice(byteOffset, count * Long.BYTES).asLongBuffer().get(into, from, count);
  }
}
