package io.deltapress.djl.rescale;

import io.deltapress.djl.importance.CalibrationBatch;
import java.util.ArrayList;
import java.util.List;

/**
 * What a gradient descent learns from and what it is stopped by. A batch in which nothing is
 * measured, such as the middle of a long prompt, is in neither.
 *
 * @param training what factors are fitted to; all of the other where there is only one batch
 * @param heldOut what figures are measured on; empty only if nothing is measured anywhere
 */
record HeldOutBatches(List<CalibrationBatch> training, List<CalibrationBatch> heldOut) {

  /** One batch in so many is held out, as published. */
  private static final int ONE_IN = 20;

  static HeldOutBatches of(List<CalibrationBatch> batches) {
    List<CalibrationBatch> measured =
        batches.stream().filter(batch -> batch.measuredTokens().length > 0).toList();
    List<CalibrationBatch> training = new ArrayList<>();
    List<CalibrationBatch> heldOut = new ArrayList<>();
    int every = Math.min(ONE_IN, measured.size());
    for (int i = 0; i < measured.size(); i++) {
      (i % every == every / 2 ? heldOut : training).add(measured.get(i));
    }
    return new HeldOutBatches(training.isEmpty() ? heldOut : training, heldOut);
  }
}
