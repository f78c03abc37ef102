package io.deltapress.djl.model;

import ai.djl.ndarray.NDArray;

/**
 * Sees what goes into the linear layers of a model during a forward pass, and may change what comes
 * out of them.
 */
@FunctionalInterface
public interface LinearObserver {

  /**
   * A layer is about to be computed; layers come in the order of the computation.
   *
   * @param layer which one
   * @param input its inputs, float32 [batch, tokens, inputs], of filled-up tokens too; belongs to
   *     the scope of the forward pass
   */
  void sees(LinearLayer layer, NDArray input);

  /**
   * A layer was computed; what is returned is what the model goes on with. A zero array that is
   * added here, and requires a gradient, receives that of the loss with respect to the output.
   *
   * @param layer which one
   * @param input as in {@link #sees}
   * @param output its outputs, bias included, float32 [batch, tokens, outputs]
   * @return an array of the shape of the outputs, in the scope of the forward pass
   */
  default NDArray computed(LinearLayer layer, NDArray input, NDArray output) {
    return output;
  }
}
