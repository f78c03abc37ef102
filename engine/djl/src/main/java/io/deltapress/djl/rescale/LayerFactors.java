package io.deltapress.djl.rescale;

import io.deltapress.djl.model.LinearLayer;
import io.deltapress.format.artifact.RescaleFactors;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Extends factors of linear layers to everything that is pruned, as published: a bias takes its
 * weight's, everything else the mean of all layers'.
 */
final class LayerFactors {

  private final List<LinearLayer> layers;
  private final double keepRate;

  LayerFactors(List<LinearLayer> layers, double pruneRate) {
    this.layers = layers;
    this.keepRate = RandomDrop.keepRate(pruneRate);
  }

  /** Factors by name of the layer's weight; of no layer at all, 1 - p for everything. */
  RescaleFactors of(Map<String, Double> byWeight) {
    double mean =
        byWeight.values().stream().mapToDouble(Double::doubleValue).average().orElse(keepRate);
    SortedMap<String, Double> perTensor = new TreeMap<>(byWeight);
    for (LinearLayer layer : layers) {
      Double factor = byWeight.get(layer.weight());
      if (factor != null && layer.bias() != null) {
        perTensor.put(layer.bias(), factor);
      }
    }
    return RescaleFactors.of(mean, perTensor);
  }
}
