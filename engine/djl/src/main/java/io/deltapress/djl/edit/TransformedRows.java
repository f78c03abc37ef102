package io.deltapress.djl.edit;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import io.deltapress.djl.memory.WithoutGradients;

/**
 * What an editor network makes of the rows of one layer.
 *
 * @param keys u~, row-major [rows, inputs]
 * @param values d~, row-major [rows, outputs]
 * @param rate of the layer
 */
record TransformedRows(double[] keys, double[] values, double rate) {

  @SuppressWarnings("try") // gradients are off for as long as the resource is open
  static TransformedRows of(
      EditorNetwork network, String weight, KeyValueRows rows, RunningStatistics statistics) {
    int dimensions = rows.inputs() + rows.outputs();
    double[] normalised = statistics.normalised(rows);
    try (WithoutGradients off = new WithoutGradients();
        NDScope scope = new NDScope()) {
      scope.suppressNotUsedWarning();
      NDArray input = array(network.manager(), normalised, dimensions);
      float[] output = network.forward(weight, input).toFloatArray();
      double rate = network.rate(weight).toFloatArray()[0];
      return new TransformedRows(
          columns(output, dimensions, 0, rows.inputs()),
          columns(output, dimensions, rows.inputs(), dimensions),
          rate);
    }
  }

  /** Numbers in float32; borrows Java memory. */
  static NDArray array(NDManager manager, double[] values, int columns) {
    float[] narrow = new float[values.length];
    for (int i = 0; i < narrow.length; i++) {
      narrow[i] = (float) values[i];
    }
    return manager.create(narrow, new Shape(values.length / columns, columns));
  }

  private static double[] columns(float[] matrix, int width, int from, int to) {
    int rows = matrix.length / width;
    double[] columns = new double[rows * (to - from)];
    for (int row = 0; row < rows; row++) {
      for (int i = from; i < to; i++) {
        columns[row * (to - from) + i - from] = matrix[row * width + i];
      }
    }
    return columns;
  }
}
