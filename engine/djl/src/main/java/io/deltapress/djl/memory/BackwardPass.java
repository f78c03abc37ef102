package io.deltapress.djl.memory;

import ai.djl.ndarray.NDArray;
import ai.djl.training.GradientCollector;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * Forward and backward pass of one loss.
 *
 * <p>To be run inside a scope, which keeps ids, targets and weights open until the backward pass
 * has returned: the recorded graph refers to their memory.
 */
public final class BackwardPass {

  /** The engine allows one gradient collector per process at a time. */
  private static final ReentrantLock COLLECTOR = new ReentrantLock();

  private BackwardPass() {}

  /**
   * Leaves gradients on the leaves of a loss.
   *
   * @param forward computes the loss, of rank 0; called once, recorded
   * @return the loss
   */
  public static float run(Supplier<NDArray> forward) {
    return run(forward, () -> {});
  }

  /**
   * As {@link #run(Supplier)}. Tests put memory under pressure between the two passes.
   *
   * @param forward computes the loss, of rank 0; called once, recorded
   * @param beforeBackward called where the graph is recorded but not yet walked back
   * @return the loss
   */
  public static float run(Supplier<NDArray> forward, Runnable beforeBackward) {
    COLLECTOR.lock();
    try (GradientCollector collector = TensorRuntime.engine().newGradientCollector()) {
      NDArray loss = forward.get();
      beforeBackward.run();
      collector.backward(loss);
      return loss.getFloat();
    } finally {
      COLLECTOR.unlock();
    }
  }
}
