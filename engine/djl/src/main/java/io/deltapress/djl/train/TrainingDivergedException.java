package io.deltapress.djl.train;

import java.io.IOException;

/** Training produced a number that is not finite, and stopped before it reached the weights. */
public final class TrainingDivergedException extends IOException {

  private static final long serialVersionUID = 1L;

  TrainingDivergedException(int step, String what, double value) {
    super(
        "training diverged at step %d: %s is %s; lower the learning rate"
            .formatted(step + 1, what, value));
  }
}
