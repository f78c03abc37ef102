package io.deltapress.djl.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.training.GradientCollector;
import io.deltapress.djl.memory.TensorRuntime;
import io.deltapress.djl.model.LlamaModel;
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

  private final LlamaModel model;
  private final Runnable beforeBackward;

  TrainingStep(LlamaModel model) {
    this(model, () -> {});
  }

  /** Tests put memory under pressure where a graph is recorded but not yet walked back. */
  TrainingStep(LlamaModel model, Runnable beforeBackward) {
    this.model = model;
    this.beforeBackward = beforeBackward;
  }

  /** Leaves gradients on the trained weights and returns the loss. */
  float run(TrainingBatch batch) {
    NDManager manager = model.weights().manager();
    NDArray inputs = batch.inputs(manager);
    NDArray targets = batch.targets(manager);
    NDArray weights = batch.weights(manager);
    COLLECTOR.lock();
    try (GradientCollector collector = TensorRuntime.engine().newGradientCollector()) {
      NDArray loss = loss(model.logits(inputs), targets, weights);
      beforeBackward.run();
      collector.backward(loss);
      return loss.getFloat();
    } finally {
      COLLECTOR.unlock();
    }
  }

  /** Weighted cross-entropy; weights add up to 1, so nothing is divided inside the graph. */
  private static NDArray loss(NDArray logits, NDArray targets, NDArray weights) {
    return logits.logSoftmax(-1).gather(targets, -1).mul(weights).sum().neg();
  }
}
