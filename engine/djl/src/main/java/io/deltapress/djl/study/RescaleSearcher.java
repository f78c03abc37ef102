package io.deltapress.djl.study;

import io.deltapress.djl.rescale.Goal;
import io.deltapress.djl.rescale.RescaleFitter;
import io.deltapress.djl.rescale.RescaleListener;
import io.deltapress.djl.rescale.RescaleRequest;
import io.deltapress.djl.rescale.RescaleStrategy;
import io.deltapress.djl.rescale.Trials;
import io.deltapress.djl.rescale.TwoStageSearch;
import io.deltapress.format.artifact.CompressionSettings;
import io.deltapress.format.artifact.Method;
import io.deltapress.format.artifact.ValueCode;
import java.io.IOException;
import java.util.List;
import java.util.Locale;

/** Finds what a technique divides by, on validation and calibration tasks only. */
final class RescaleSearcher {

  private final Bench bench;
  private final List<Long> seeds;
  private final StudyListener listener;

  /**
   * Prepares a search.
   *
   * @param bench to measure with
   * @param seeds of the masks to average over; others than those that figures are reported on
   * @param listener told that the search goes on
   */
  RescaleSearcher(Bench bench, List<Long> seeds, StudyListener listener) {
    this.bench = bench;
    this.seeds = List.copyOf(seeds);
    this.listener = listener;
  }

  /** Chooses the factors for one cell. */
  RescaleChoice choose(FineTune fineTune, Technique technique, double pruneRate)
      throws IOException {
    if (pruneRate == 0 || !technique.drawn()) {
      // Everything is kept, or the most important of it, as it is.
      return RescaleChoice.fixed(1);
    }
    boolean structural = technique.method() == Method.STRUCTURAL;
    return switch (technique.rescaling()) {
      case PLAIN -> RescaleChoice.fixed(keepRate(pruneRate));
      case VALIDATION ->
          search(fineTune, technique, pruneRate, Goal.LARGEST, LoadedFineTune::validationScore);
      case OUTPUT_CHANGE ->
          structural
              ? search(fineTune, technique, pruneRate, Goal.SMALLEST, LoadedFineTune::outputChange)
              : fit(fineTune, byOutputChange(fineTune, RescaleStrategy.GLOBAL, pruneRate));
      case ANALYTIC -> fit(fineTune, byOutputChange(fineTune, RescaleStrategy.ANALYTIC, pruneRate));
      case SHAPED -> fit(fineTune, byOutputChange(fineTune, RescaleStrategy.SHAPED, pruneRate));
      case GRADIENT -> fit(fineTune, byOutputChange(fineTune, RescaleStrategy.GRADIENT, pruneRate));
    };
  }

  private RescaleRequest byOutputChange(
      FineTune fineTune, RescaleStrategy strategy, double pruneRate) {
    return RescaleRequest.byOutputChange(strategy, pruneRate, fineTune.calibration(), seeds);
  }

  private RescaleChoice fit(FineTune fineTune, RescaleRequest request) throws IOException {
    RescaleListener tried =
        (strategy, trial, number) ->
            listener.working(
                String.format(
                    Locale.ROOT,
                    "%s, %s, p = %s, trial %d",
                    fineTune.name(),
                    strategy.wireName(),
                    request.pruneRate(),
                    number));
    return RescaleChoice.of(
        new RescaleFitter().fit(fineTune.base(), fineTune.directory(), request, tried));
  }

  /** The same search through artifacts: they alone draw whole rows, and score any family. */
  private RescaleChoice search(
      FineTune fineTune,
      Technique technique,
      double pruneRate,
      Goal goal,
      Bench.Look<Double> objective)
      throws IOException {
    Trials trials =
        TwoStageSearch.forRescale(pruneRate)
            .run(goal, rescale -> mean(fineTune, technique, pruneRate, rescale, objective));
    return RescaleChoice.searched(trials.best().value(), trials.all());
  }

  private double mean(
      FineTune fineTune,
      Technique technique,
      double pruneRate,
      double rescale,
      Bench.Look<Double> objective)
      throws IOException {
    double sum = 0;
    for (long seed : seeds) {
      listener.working(
          "%s, %s, p = %s, q = %s"
              .formatted(fineTune.name(), technique.wireName(), pruneRate, rescale));
      CompressionSettings settings =
          bench.settings(
              fineTune, technique, pruneRate, RescaleChoice.fixed(rescale), seed, ValueCode.EXACT);
      sum += bench.withArtifact(fineTune, settings, objective);
    }
    return sum / seeds.size();
  }

  /** 1 - .99 is not .01 in binary; ten decimals are finer than any rate in use. */
  private static double keepRate(double pruneRate) {
    return Math.round((1 - pruneRate) * 1e10) / 1e10;
  }
}
