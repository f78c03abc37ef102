package io.deltapress.djl.study;

import io.deltapress.format.artifact.CompressionSettings;
import io.deltapress.format.artifact.RescaleFactors;
import io.deltapress.format.artifact.ValueCode;

/** How the artifacts of a study are made. */
final class Artifacts {

  private Artifacts() {}

  static CompressionSettings settings(
      Technique technique, double pruneRate, RescaleChoice rescale, long seed, ValueCode values) {
    return CompressionSettings.builder(technique.method(), pruneRate)
        .rescale(RescaleFactors.of(rescale.common(), rescale.perTensor()))
        .seed(seed)
        .values(values)
        .build();
  }
}
