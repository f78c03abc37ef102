package io.deltapress.format.lowrank;

import io.deltapress.format.delta.OnceRounded;
import io.deltapress.format.tensor.DType;
import io.deltapress.format.tensor.TensorData;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Reads factors into memory. */
public final class Factors {
  private Factors() {}

  /**
   * The elements of a tensor of F32, F16 or BF16, exactly.
   *
   * @param data of a size that was bounded before
   */
  public static float[] read(TensorData data) throws IOException {
    DType dtype = data.info().dtype();
    int count = Math.toIntExact(data.info().elementCount());
    int width = dtype.bits() / Byte.SIZE;
    int most = TensorData.MAX_SLICE_BYTES / width;
    float[] floats = new float[count];
    for (int at = 0; at < count; at += most) {
      int length = Math.min(most, count - at);
      ByteBuffer slice = data.slice((long) at * width, length * width);
      for (int i = at; i < at + length; i++) {
        floats[i] = (float) OnceRounded.get(dtype, slice);
      }
    }
    return floats;
  }
}
