package io.deltapress.djl.model;

import ai.djl.ndarray.NDArray;

/** Sees what goes into the linear layers of a model during a forward pass. */
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
}
