package io.deltapress.djl.rescale;

import io.deltapress.format.artifact.RescaleFactors;
import java.io.IOException;

/** One factor for everything, searched in two stages. */
record GlobalSearch(double pruneRate) implements FactorSearch {

  @Override
  public RescaleFactors factors(double value) {
    return RescaleFactors.of(value);
  }

  @Override
  public Trials search(FactorMeasure measure) throws IOException {
    return TwoStageSearch.forRescale(pruneRate)
        .run(measure.goal(), value -> measure.of(value, factors(value)));
  }
}
