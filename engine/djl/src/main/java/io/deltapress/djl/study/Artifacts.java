package io.deltapress.djl.study;

import io.deltapress.format.artifact.CompressionSettings;
import io.deltapress.format.artifact.ValueCode;
import java.util.List;

/** How the artifacts of a study are made. */
final class Artifacts {

  private Artifacts() {}

  static CompressionSettings settings(
      Technique technique, double pruneRate, RescaleChoice rescale, long seed, ValueCode values) {
    return new CompressionSettings(
        technique.method(), pruneRate, rescale.common(), seed, values, List.of(), List.of());
  }
}
