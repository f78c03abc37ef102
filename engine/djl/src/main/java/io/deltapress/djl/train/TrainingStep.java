package io.deltapress.djl.train;

import io.deltapress.djl.memory.BackwardPass;

/**
 * Forward and backward pass of one batch; to be run inside a scope, as {@link BackwardPass} says.
 */
final class TrainingStep {

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
    return BackwardPass.run(batch::loss, beforeBackward);
  }
}
