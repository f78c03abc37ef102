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
    List<Trial> trials = new ArrayList<>();
    TwoStageSearch.stage(
        ShapedRescale.BETAS, measure.goal(), value -> measure.of(value, factors(value)), trials);
    return new Trials(measure.goal(), trials);
  }
}
