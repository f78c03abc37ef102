package io.deltapress.djl.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import io.deltapress.djl.memory.TensorRuntime;

/**
 * The tanh form of GELU that GPT-2 uses ({@code gelu_new}): x/2 (1 + tanh(sqrt(2/π) (x + 0.044715
 * x³))) (Hendrycks and Gimpel, 2016, section 2).
 */
final class TanhGelu {

  private final NDArray half;
  private final NDArray one;
  private final NDArray cubic;
  private final NDArray slope;

  TanhGelu(NDManager manager) {
    this.half = constant(manager, 0.5);
    this.one = constant(manager, 1);
    this.cubic = constant(manager, 0.044715);
    this.slope = constant(manager, StrictMath.sqrt(2 / Math.PI));
  }

  private static NDArray constant(NDManager manager, double value) {
    NDArray constant = TensorRuntime.constant(manager, (float) value);
    NDScope.unregister(constant);
    return constant;
  }

  /** Elementwise. */
  NDArray forward(NDArray input) {
    NDArray cube = input.square().mul(input);
    NDArray inner = input.add(cube.mul(cubic)).mul(slope);
    return input.mul(half).mul(inner.tanh().add(one));
  }
}
