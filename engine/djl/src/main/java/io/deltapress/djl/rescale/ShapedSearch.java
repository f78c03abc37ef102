package io.deltapress.djl.rescale;

import io.deltapress.djl.importance.LayerCalibration;
import io.deltapress.format.artifact.RescaleFactors;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Factors in the shape of each layer's least-squares factor; beta goes up from 0, plain DARE. */
final class ShapedSearch implements FactorSearch {

  private final double pruneRate;
  private final LayerFactors layerFactors;
  private final SortedMap<String, LayerCalibration> layers = new TreeMap<>();

  ShapedSearch(
      double pruneRate, LayerFactors layerFactors, Map<String, LayerCalibration> calibrated) {
    this.pruneRate = pruneRate;
    this.layerFactors = layerFactors;
    calibrated.forEach(
        (weight, layer) -> {
          if (layer.squares() > 0) {
            layers.put(weight, layer);
          }
        });
  }

  @Override
  public RescaleFactors factors(double value) {
    ShapedRescale shaped = new ShapedRescale(pruneRate, value);
    SortedMap<String, Double> factors = new TreeMap<>();
    layers.forEach(
        (weight, layer) -> factors.put(weight, shaped.layer(layer.squaredSums(), layer.squares())));
    return layerFactors.of(factors);
  }

  @Override
  public Trials search(FactorMeasure measure) throws IOException {
    return tryAll(measure.goal(), value -> measure.of(value, factors(value)));
  }

  /**
   * Tries every beta, without the patience of other searches: small ones leave a large delta as
   * ruined as DARE does, and say nothing of those after them.
   */
  static Trials tryAll(Goal goal, TwoStageSearch.Measure measure) throws IOException {
    List<Trial> trials = new ArrayList<>();
    for (double beta : ShapedRescale.BETAS) {
      trials.add(new Trial(beta, measure.at(beta)));
    }
    return new Trials(goal, trials);
  }
}
