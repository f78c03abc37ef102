package io.deltapress.djl.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import io.deltapress.djl.memory.TensorRuntime;

/** Root mean square normalisation: x / sqrt(mean(x²) + ε), times a gain per channel. */
final class RmsNorm {

  private static final int[] LAST_AXIS = {-1};

  private final NDArray epsilon;

  RmsNorm(ModelWeights weights, double epsilon) {
    this.epsilon = TensorRuntime.constant(weights.manager(), (float) epsilon);
    NDScope.unregister(this.epsilon);
  }

  /** From [.., hidden] to the same shape; {@code gain} is [hidden]. */
  NDArray forward(NDArray input, NDArray gain) {
    NDArray meanSquare = input.square().mean(LAST_AXIS, true);
    return input.div(meanSquare.add(epsilon).sqrt()).mul(gain);
  }
}
