package io.deltapress.djl.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import io.deltapress.djl.memory.TensorRuntime;

/**
 * Layer normalisation (Ba et al., 2016, equation 3): (x - mean) / sqrt(variance + ε), times a gain
 * plus a bias per channel; the variance is the biased one.
 */
final class LayerNorm {

  private static final int[] LAST_AXIS = {-1};

  private final NDArray epsilon;

  LayerNorm(ModelWeights weights, double epsilon) {
    this.epsilon = TensorRuntime.constant(weights.manager(), (float) epsilon);
    NDScope.unregister(this.epsilon);
  }

  /** From [.., hidden] to the same shape; {@code gain} and {@code bias} are [hidden]. */
  NDArray forward(NDArray input, NDArray gain, NDArray bias) {
    NDArray centred = input.sub(input.mean(LAST_AXIS, true));
    NDArray variance = centred.square().mean(LAST_AXIS, true);
    return centred.div(variance.add(epsilon).sqrt()).mul(gain).add(bias);
  }
}
