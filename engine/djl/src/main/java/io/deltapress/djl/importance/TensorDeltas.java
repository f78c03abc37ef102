package io.deltapress.djl.importance;

import org.jspecify.annotations.Nullable;

/** Gives the delta of one tensor at a time, so that all of them never are in memory for this. */
@FunctionalInterface
public interface TensorDeltas {

  /**
   * Gives a delta.
   *
   * @param tensor its name
   * @return its elements, row-major, not to be changed; null when the tensor is the same in both
   */
  float @Nullable [] delta(String tensor);

  /**
   * Says that nothing differs.
   *
   * @return deltas of no tensor
   */
  static TensorDeltas none() {
    return tensor -> null;
  }
}
