package io.deltapress.djl.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.deltapress.djl.memory.TensorRuntime;

/**
 * Draws matrices toward 0, in proportion to the learning rate; vectors are left alone.
 *
 * @param manager whose device is used
 * @param strength share of a weight that is lost per unit of learning rate, not negative
 */
record WeightDecay(NDManager manager, double strength) implements Decay {

  @Override
  public Pull of(Step step) {
    NDArray rest = TensorRuntime.constant(manager, (float) (1 - step.learningRate() * strength));
    return (name, weight) -> {
      if (weight.getShape().dimension() > 1) {
        weight.muli(rest);
      }
    };
  }

  @Override
  public void close() {
    // The manager is the model's.
  }
}
