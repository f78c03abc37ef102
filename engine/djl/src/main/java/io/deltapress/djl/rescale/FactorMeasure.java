package io.deltapress.djl.rescale;

import io.deltapress.format.artifact.RescaleFactors;
import java.io.IOException;
import java.util.List;

/** Measures rescale factors: prunes with every mask in turn, and averages what the model does. */
final class FactorMeasure {

  private final PrunedModel pruned;
  private final ModelObjective objective;
  private final double pruneRate;
  private final List<Long> seeds;
  private final RescaleStrategy strategy;
  private final RescaleListener listener;
  private int number;

  FactorMeasure(
      PrunedModel pruned,
      ModelObjective objective,
      RescaleRequest request,
      RescaleListener listener) {
    this.pruned = pruned;
    this.objective = objective;
    this.pruneRate = request.pruneRate();
    this.seeds = request.seeds();
    this.strategy = request.strategy();
    this.listener = listener;
  }

  Goal goal() {
    return objective.goal();
  }

  /** Gives the average over the masks; the value is what the listener is told was tried. */
  double of(double value, RescaleFactors factors) throws IOException {
    double[] figures = new double[seeds.size()];
    for (int i = 0; i < figures.length; i++) {
      pruned.prune(pruneRate, factors, seeds.get(i));
      figures[i] = objective.measure();
    }
    double figure = objective.average().of(figures);
    listener.tried(strategy, new Trial(value, figure), ++number);
    return figure;
  }
}
