package io.deltapress.djl.rescale;

import io.deltapress.djl.importance.LayerCalibration;
import io.deltapress.djl.rescale.AnalyticRescale.Sides;
import io.deltapress.format.artifact.RescaleFactors;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Analytic factors per layer, eta searched in two stages.
 *
 * <p>What a value of eta does depends on how large inputs and delta are, so the published range of
 * eta fits the published models only. Here eta is measured by what it does: the unit is the eta
 * that makes the mean factor twice 1 - p, found without running the model, and the search goes from
 * a half of it to five of them.
 */
final class AnalyticSearch implements FactorSearch {

  private static final double LOWEST = 0.5;
  private static final double HIGHEST = 5;
  private static final double STEP = 0.5;
  private static final double DOUBLINGS = 40;
  private static final int HALVINGS = 40;

  private final double pruneRate;
  private final LayerFactors layerFactors;
  private final SortedMap<String, List<Influence>> rows = new TreeMap<>();

  AnalyticSearch(
      double pruneRate,
      LayerFactors layerFactors,
      Map<String, LayerCalibration> calibrated,
      PrunedModel pruned) {
    this.pruneRate = pruneRate;
    this.layerFactors = layerFactors;
    calibrated.forEach(
        (weight, layer) -> {
          if (pruned.delta(weight) != null) {
            rows.put(weight, MeanInfluence.rows(layer, pruned));
          }
        });
  }

  @Override
  public RescaleFactors factors(double value) {
    AnalyticRescale analytic = new AnalyticRescale(pruneRate, value, Sides.TWO);
    SortedMap<String, Double> factors = new TreeMap<>();
    rows.forEach((weight, influences) -> factors.put(weight, analytic.layer(influences)));
    return layerFactors.of(factors);
  }

  @Override
  public Trials search(FactorMeasure measure) throws IOException {
    double unit = unit();
    Trials trials =
        new TwoStageSearch(LOWEST, HIGHEST, STEP, Double.MAX_VALUE)
            .run(measure.goal(), units -> measure.of(units * unit, factors(units * unit)));
    return new Trials(
        trials.goal(),
        trials.all().stream()
            .map(trial -> new Trial(trial.value() * unit, trial.figure()))
            .toList());
  }

  /** The mean factor never falls as eta grows, so halving finds where it is twice 1 - p. */
  private double unit() {
    double keepRate = RandomDrop.keepRate(pruneRate);
    double wanted = Math.min(2 * keepRate, (keepRate + AnalyticRescale.LARGEST) / 2);
    double low = StrictMath.pow(2, -DOUBLINGS);
    double high = StrictMath.pow(2, DOUBLINGS);
    for (int i = 0; i < HALVINGS; i++) {
      double middle = StrictMath.sqrt(low * high);
      if (factors(middle).common() < wanted) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return high;
  }
}
