package io.deltapress.djl.train;

import ai.djl.ndarray.NDArray;
import java.util.SortedMap;

/** What draws weights somewhere besides their gradients, decoupled from the moments of those. */
interface Decay extends AutoCloseable {

  /**
   * A step of the optimizer, as far as a decay may depend on it.
   *
   * @param learningRate of the step
   * @param variances means of squared gradients by tensor, the step's own included, not corrected
   * @param correction what to divide them by, because they began at 0
   */
  record Step(double learningRate, SortedMap<String, NDArray> variances, double correction) {}

  /** What the decay does to the weights in one step; called inside a scope. */
  interface Pull {

    /**
     * Moves a weight, in place.
     *
     * @param name of the tensor
     * @param weight as it was before the step
     */
    void move(String name, NDArray weight);
  }

  /** Prepares one step, after all moments took in its gradients and before any weight moves. */
  Pull of(Step step);

  /** Lets go of native memory. */
  @Override
  void close();
}
