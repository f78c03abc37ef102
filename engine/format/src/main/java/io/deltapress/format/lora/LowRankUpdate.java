package io.deltapress.format.lora;

import io.deltapress.format.tensor.TensorData;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * The matrix scale · left · right, of which parts are computed in binary64: products are added in
 * ascending order of the rank, so every machine has the same bits.
 */
final class LowRankUpdate {
  private final float[] left;
  private final float[] right;
  private final int rank;
  private final int columns;
  private final double scale;
  private double[] sums = {};

  private LowRankUpdate(float[] left, float[] right, int rank, int columns, double scale) {
    this.left = left;
    this.right = right;
    this.rank = rank;
    this.columns = columns;
    this.scale = scale;
  }

  /**
   * Reads the factors of a layer.
   *
   * @param module bounded in size, see {@link LoraAdapter#MAX_FACTOR_ELEMENTS}
   * @param inputsFirst whether the matrix is [inputs, outputs], the transpose of B · A
   */
  static LowRankUpdate read(TensorData a, TensorData b, LoraModule module, boolean inputsFirst)
      throws IOException {
    float[] inputFactor = floats(a);
    float[] outputFactor = floats(b);
    int rank = module.rank();
    int inputs = Math.toIntExact(module.inputs());
    int outputs = Math.toIntExact(module.outputs());
    return inputsFirst
        ? new LowRankUpdate(
            transposed(inputFactor, rank, inputs),
            transposed(outputFactor, outputs, rank),
            rank,
            outputs,
            module.scale())
        : new LowRankUpdate(outputFactor, inputFactor, rank, inputs, module.scale());
  }

  private static float[] floats(TensorData data) throws IOException {
    int count = Math.toIntExact(data.info().elementCount());
    int width = data.info().dtype().bits() / Byte.SIZE;
    int most = TensorData.MAX_SLICE_BYTES / width;
    float[] floats = new float[count];
    for (int at = 0; at < count; at += most) {
      int length = Math.min(most, count - at);
      ByteBuffer slice = data.slice((long) at * width, length * width);
      for (int i = at; i < at + length; i++) {
        floats[i] = (float) OnceRounded.get(data.info().dtype(), slice);
      }
    }
    return floats;
  }

  private static float[] transposed(float[] matrix, int rows, int columns) {
    float[] transposed = new float[matrix.length];
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < columns; column++) {
        transposed[column * rows + row] = matrix[row * columns + column];
      }
    }
    return transposed;
  }

  /**
   * Adds a run of the matrix's elements to values.
   *
   * @param first row-major index of the first element
   * @param count elements to add, at the start of {@code values}
   */
  void addTo(long first, double[] values, int count) {
    int done = 0;
    while (done < count) {
      int row = (int) ((first + done) / columns);
      int column = (int) ((first + done) % columns);
      int length = Math.min(columns - column, count - done);
      sum(row, column, length);
      for (int i = 0; i < length; i++) {
        values[done + i] += scale * sums[i];
      }
      done += length;
    }
  }

  private void sum(int row, int column, int length) {
    if (sums.length < length) {
      sums = new double[length];
    }
    Arrays.fill(sums, 0, length, 0);
    for (int k = 0; k < rank; k++) {
      double factor = left[row * rank + k];
      int from = k * columns + column;
      for (int i = 0; i < length; i++) {
        sums[i] += factor * right[from + i];
      }
    }
  }
}
