package io.deltapress.djl.train;

import ai.djl.ndarray.NDArray;
import ai.djl.training.GradientCollector;
import io.deltapress.djl.memory.TensorRuntime;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Forward and backward pass of one batch.
 *
 * <p>To be called inside a scope, which keeps ids, targets and weights open until the backward pass
 * has returned: the recorded graph refers to their memory.
 */
final class TrainingStep {

  /** The engine allows one gradient collector per process at a time. */
  private static final ReentrantLock COLLECTOR = new ReentrantLock();

  private final Runnable beforeBackward;

  TrainingStep() {
    this(() -> {});
  }

  /** Tests put memory under pressure where a graph is recorded but not yet walked back. */
  TrainingStep(Runnable beforeBackward) {
    this.beforeBackward = beforeBackward;
  }

  /** Leaves gradients on the trained weights and returns the loss. */
  float run(TrainingExamples.Batch batch) {
    COLLECTOR.lock();
    try (GradientCollector collector = TensorRuntime.engine().newGradientCollector()) {
      NDArray loss = batch.loss();
      beforeBackward.run();
      collector.backward(loss);
      return loss.getFloat();
    } finally {
      COLLECTOR.unlock();
    }
  }
}
