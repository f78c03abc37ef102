package io.deltapress.djl.model;

import io.deltapress.format.BadInputException;
import io.deltapress.format.tensor.Checkpoint;
import io.deltapress.format.tensor.DType;
import io.deltapress.format.tensor.TensorData;
import io.deltapress.format.tensor.TensorInfo;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** Widens the weights of a checkpoint to float32, block by block. */
public final class WeightsReader {

  private static final int BLOCK_ELEMENTS = 1 << 22;

  private final Checkpoint checkpoint;

  /**
   * Reads from a checkpoint.
   *
   * @param checkpoint stays the caller's
   */
  public WeightsReader(Checkpoint checkpoint) {
    this.checkpoint = checkpoint;
  }

  /**
   * Fills every tensor of a model.
   *
   * @param weights what to fill
   * @throws BadInputException naming the tensor that is missing, of another shape or not F32, F16
   *     or BF16
   * @throws IOException when the checkpoint cannot be read
   */
  public void fill(LlamaWeights weights) throws IOException {
    for (String name : weights.arrays().keySet()) {
      TensorInfo info = info(name, weights.get(name).getShape().getShape());
      TensorData data = checkpoint.data(name);
      for (long at = 0; at < info.elementCount(); at += BLOCK_ELEMENTS) {
        int count = (int) Math.min(BLOCK_ELEMENTS, info.elementCount() - at);
        weights.write(name, at, floats(data, at, count));
      }
    }
  }

  private TensorInfo info(String name, long[] expected) throws IOException {
    TensorInfo info = checkpoint.tensors().get(name);
    if (info == null) {
      throw BadInputException.of(
          checkpoint.path(), name, "missing; config.json describes a model that has it");
    }
    long[] found = info.shape().dimensions().stream().mapToLong(Long::longValue).toArray();
    if (!Arrays.equals(found, expected)) {
      throw BadInputException.of(
          checkpoint.path(),
          name,
          "shape is %s, config.json asks for %s"
              .formatted(info.shape(), Arrays.toString(expected)));
    }
    return info;
  }

  private float[] floats(TensorData data, long first, int count) throws IOException {
    DType dtype = data.info().dtype();
    if (dtype != DType.BF16 && dtype != DType.F16 && dtype != DType.F32) {
      throw BadInputException.of(
          checkpoint.path(),
          data.info().name(),
          "dtype " + dtype + " cannot be computed with; convert it to BF16, F16 or F32");
    }
    int width = dtype.bits() / 8;
    ByteBuffer bytes = data.slice(first * width, count * width);
    float[] floats = new float[count];
    for (int i = 0; i < count; i++) {
      floats[i] =
          switch (dtype) {
            case BF16 -> NarrowFloats.fromBfloat16(bytes.getShort(2 * i));
            case F16 -> NarrowFloats.fromFloat16(bytes.getShort(2 * i));
            default -> bytes.getFloat(4 * i);
          };
    }
    return floats;
  }
}
