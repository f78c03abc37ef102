package io.deltapress.djl.model;

import ai.djl.ndarray.types.Shape;
import org.jspecify.annotations.Nullable;

/**
 * A linear layer z = W u + b of a model, by the names of its tensors.
 *
 * @param weight name of the matrix
 * @param bias name of the vector added to the outputs; null if there is none
 * @param orientation which axis of the matrix is which
 */
public record LinearLayer(String weight, @Nullable String bias, Orientation orientation) {

  /** How a weight matrix is stored. */
  public enum Orientation {
    /** [outputs, inputs], as almost everywhere. */
    OUTPUTS_FIRST,
    /** [inputs, outputs], as in GPT-2's Conv1D. */
    INPUTS_FIRST
  }

  /**
   * Describes a layer as almost all are.
   *
   * @param weight name of the matrix, [outputs, inputs]
   * @return a layer without bias
   */
  public static LinearLayer of(String weight) {
    return new LinearLayer(weight, null, Orientation.OUTPUTS_FIRST);
  }

  /**
   * Says how long an input is.
   *
   * @param matrix shape of the weight
   * @return number of inputs
   */
  public long inputs(Shape matrix) {
    return matrix.get(orientation == Orientation.OUTPUTS_FIRST ? 1 : 0);
  }

  /**
   * Says how long an output is.
   *
   * @param matrix shape of the weight
   * @return number of outputs
   */
  public long outputs(Shape matrix) {
    return matrix.get(orientation == Orientation.OUTPUTS_FIRST ? 0 : 1);
  }
}
