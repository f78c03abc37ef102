package io.deltapress.djl.model;

import io.deltapress.format.BadInputException;
import io.deltapress.format.tensor.Checkpoint;
import io.deltapress.format.tensor.DType;
import io.deltapress.format.tensor.TensorData;
import io.deltapress.format.tensor.TensorInfo;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;

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
  public void fill(ModelWeights weights) throws IOException {
    fill(weights, Set.of());
  }

  /** As {@link #fill(ModelWeights)}, leaving out some tensors. */
  void fill(ModelWeights weights, Set<String> leftOut) throws IOException {
    for (String name : weights.arrays().keySet()) {
      if (leftOut.contains(name)) {
        continue;
      }
      requireShape(name, weights.get(name).getShape().getShape());
      copy(checkpoint.path(), checkpoint.data(name), name, weights);
    }
  }

  /** Overwrites a weight by a tensor of the same shape, whatever the file calls that. */
  static void copy(Path source, TensorData data, String weight, ModelWeights weights)
      throws IOException {
    TensorInfo info = data.info();
    int width = width(source, info);
    for (long at = 0; at < info.elementCount(); at += BLOCK_ELEMENTS) {
      int count = (int) Math.min(BLOCK_ELEMENTS, info.elementCount() - at);
      ByteBuffer bytes = data.slice(at * width, count * width);
      weights.write(weight, at, floats(source, info, bytes, count));
    }
  }

  /** Reads single elements, by ascending row-major index. */
  static float[] gather(Path source, TensorData data, long[] elements) throws IOException {
    TensorInfo info = data.info();
    int width = width(source, info);
    int mostAtOnce = TensorData.MAX_SLICE_BYTES / width;
    float[] floats = new float[elements.length];
    long first = 0;
    ByteBuffer bytes = data.slice(0, 0);
    for (int i = 0; i < elements.length; i++) {
      if (elements[i] >= first + bytes.capacity() / width) {
        first = elements[i];
        int count = (int) Math.min(mostAtOnce, info.elementCount() - first);
        bytes = data.slice(first * width, count * width);
      }
      floats[i] = element(info.dtype(), bytes, (int) (elements[i] - first));
    }
    return floats;
  }

  private void requireShape(String name, long[] expected) throws BadInputException {
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
  }

  private static int width(Path source, TensorInfo info) throws BadInputException {
    DType dtype = info.dtype();
    if (dtype != DType.BF16 && dtype != DType.F16 && dtype != DType.F32) {
      throw BadInputException.of(
          source,
          info.name(),
          "dtype " + dtype + " cannot be computed with; convert it to BF16, F16 or F32");
    }
    return dtype.bits() / Byte.SIZE;
  }

  /** Widens the first elements of a buffer that holds elements of a tensor. */
  static float[] floats(Path source, TensorInfo info, ByteBuffer bytes, int count)
      throws BadInputException {
    width(source, info);
    float[] floats = new float[count];
    for (int i = 0; i < count; i++) {
      floats[i] = element(info.dtype(), bytes, i);
    }
    return floats;
  }

  private static float element(DType dtype, ByteBuffer bytes, int i) {
    return switch (dtype) {
      case BF16 -> NarrowFloats.fromBfloat16(bytes.getShort(2 * i));
      case F16 -> NarrowFloats.fromFloat16(bytes.getShort(2 * i));
      default -> bytes.getFloat(4 * i);
    };
  }
}
