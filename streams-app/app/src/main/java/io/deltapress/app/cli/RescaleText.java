package io.deltapress.app.cli;

import java.util.Collections;
import java.util.SortedMap;

/** Rescale factors as people read them. */
final class RescaleText {
  private RescaleText() {}

  /** The common factor, and the range of those of single tensors if there are any. */
  static String of(double common, SortedMap<String, Double> perTensor) {
    if (perTensor.isEmpty()) {
      return Figures.number(common);
    }
    return "%s (%s to %s in %d tensors)"
        .formatted(
            Figures.number(common),
            Figures.number(Collections.min(perTensor.values())),
            Figures.number(Collections.max(perTensor.values())),
            perTensor.size());
  }
}
