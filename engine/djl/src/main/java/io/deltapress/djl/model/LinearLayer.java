package io.deltapress.djl.model;

import ai.djl.ndarray.types.Shape;
import io.deltapress.format.delta.LinearInput.Orientation;
import org.jspecify.annotations.Nullable;

/**
 * A linear layer z = W u + b of a model, by the names of its tensors.
 *
 * @param weight name of the matrix
 * @param bias name of the vector added to the outputs; null if there is none
 * @param orientation how the matrix is laid out
 */
public record LinearLayer(String weight, @Nullable String bias, Orientation orientation) {

  /**
   * Describes a layer as almost all are.
   *
   * @param weight name of the matrix, [outputs, inputs]
   * @return a layer without bias
   */
  public static LinearLayer of(String weight) {
    return new LinearLayer(weight, null, Orientation.OUTPUT_INPUT);
  }

  /**
   * Says how long an input is.
   *
   * @param matrix shape of the weight
   * @return number of inputs
   */
  public long inputs(Shape matrix) {
    return matrix.get(orientation == Orientation.OUTPUT_INPUT ? 1 : 0);
  }

  /**
   * Says how long an output is.
   *
   * @param matrix shape of the weight
   * @return number of outputs
   */
  public long outputs(Shape matrix) {
    return matrix.get(orientation == Orientation.OUTPUT_INPUT ? 0 : 1);
  }
}
