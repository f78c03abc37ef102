package io.deltapress.djl.train;

import ai.djl.ndarray.NDArray;
import io.deltapress.format.tensor.DType;
import io.deltapress.format.tensor.Shape;
import io.deltapress.format.tensor.TensorInfo;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** An array as safetensors keep it, in float32 whatever its device. */
final class StoredArray {

  private StoredArray() {}

  static TensorInfo info(String name, NDArray array) {
    return new TensorInfo(name, DType.F32, Shape.of(array.getShape().getShape()));
  }

  static ByteBuffer bytes(NDArray array) {
    float[] floats = array.toFloatArray();
    ByteBuffer bytes = ByteBuffer.allocate(4 * floats.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(floats);
    return bytes;
  }
}
