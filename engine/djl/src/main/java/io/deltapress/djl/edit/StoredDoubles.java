package io.deltapress.djl.edit;

import io.deltapress.format.BadInputException;
import io.deltapress.format.tensor.Checkpoint;
import io.deltapress.format.tensor.DType;
import io.deltapress.format.tensor.Shape;
import io.deltapress.format.tensor.TensorData;
import io.deltapress.format.tensor.TensorInfo;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Numbers in binary64 as safetensors keep them. */
public final class StoredDoubles {

  private StoredDoubles() {}

  /**
   * Describes numbers for the header of a file.
   *
   * @param name of the tensor
   * @param values a vector
   * @return F64, of one dimension
   */
  public static TensorInfo info(String name, double[] values) {
    return new TensorInfo(name, DType.F64, Shape.of(values.length));
  }

  /**
   * Gives the bytes of numbers.
   *
   * @param values a vector
   * @return little-endian
   */
  public static ByteBuffer bytes(double[] values) {
    ByteBuffer bytes =
        ByteBuffer.allocate(Double.BYTES * values.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asDoubleBuffer().put(values);
    return bytes;
  }

  /**
   * Reads numbers back.
   *
   * @param checkpoint where they are
   * @param name of the tensor
   * @param values what to write over, of the right length
   * @throws BadInputException when the tensor is missing, or not F64 of that length
   * @throws IOException when it cannot be read
   */
  public static void read(Checkpoint checkpoint, String name, double[] values) throws IOException {
    TensorData data = checkpoint.data(name);
    if (data.info().dtype() != DType.F64 || data.info().elementCount() != values.length) {
      throw BadInputException.of(
          checkpoint.path(),
          name,
          "is not F64 [%d]; give the file that was written".formatted(values.length));
    }
    long[] bits = new long[values.length];
    data.copyTo(0, bits, 0, bits.length);
    for (int i = 0; i < bits.length; i++) {
      values[i] = Double.longBitsToDouble(bits[i]);
    }
  }
}
