package io.deltapress.format.lora;

import io.deltapress.format.tensor.TensorData;
import io.deltapress.format.tensor.TensorInfo;
import java.io.IOException;
import java.nio.ByteBuffer;

/** A tensor that has another name on disk. */
record RenamedTensorData(TensorData data, TensorInfo info) implements TensorData {

  @Override
  public ByteBuffer slice(long byteOffset, int length) throws IOException {
    return data.slice(byteOffset, length);
  }

  @Override
  public void copyTo(long byteOffset, byte[] into, int from, int count) throws IOException {
    data.copyTo(byteOffset, into, from, count);
  }

  @Override
  public void copyTo(long byteOffset, short[] into, int from, int count) throws IOException {
    data.copyTo(byteOffset, into, from, count);
  }

  @Override
  public void copyTo(long byteOffset, int[] into, int from, int count) throws IOException {
    data.copyTo(byteOffset, into, from, count);
  }

  @Override
  public void copyTo(long byteOffset, long[] into, int from, int count) throws IOException {
    data.copyTo(byteOffset, into, from, count);
  }
}
