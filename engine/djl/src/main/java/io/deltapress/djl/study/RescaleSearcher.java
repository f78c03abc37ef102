package io.deltapress.djl.study;

import io.deltapress.format.artifact.CompressionSettings;
import io.deltapress.format.artifact.ValueCode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;

/**
 * Finds the factor that a technique divides by, on validation and calibration tasks only, through
 * real artifacts.
 */
final class RescaleSearcher {

  /** Of 1 - p. Published factors, and those found on models of this size, lie well inside. */
  private static final double[] MULTIPLES = {1, 1.25, 1.5, 1.75, 2, 2.5, 3, 3.5, 4, 5, 6, 8};

  private final Bench bench;
  private final List<Long> seeds;

  /**
   * Prepares a search.
   *
   * @param bench to measure with
   * @param seeds of the masks to average over; others than those that figures are reported on
   */
  RescaleSearcher(Bench bench, List<Long> seeds) {
    this.bench = bench;
    this.seeds = List.copyOf(seeds);
  }

  /** Chooses the factor for one cell. */
  RescaleChoice choose(FineTune fineTune, Technique technique, double pruneRate)
      throws IOException {
    if (pruneRate == 0) {
      // Everything is kept, so any other factor would only change the fine-tune.
      return RescaleChoice.fixed(1);
    }
    return switch (technique.rescaling()) {
      case PLAIN ->
          RescaleChoice.fixed(
              CompressionSettings.defaultRescale(technique.method(), pruneRate).orElseThrow());
      case VALIDATION ->
          search(
              fineTune,
              technique,
              pruneRate,
              LoadedFineTune::validationScore,
              Comparator.comparingDouble(RescaleChoice.Trial::value).reversed());
      case OUTPUT_CHANGE ->
          search(
              fineTune,
              technique,
              pruneRate,
              LoadedFineTune::outputChange,
              Comparator.comparingDouble(RescaleChoice.Trial::value));
    };
  }

  private RescaleChoice search(
      FineTune fineTune,
      Technique technique,
      double pruneRate,
      Bench.Look<Double> objective,
      Comparator<RescaleChoice.Trial> best)
      throws IOException {
    List<RescaleChoice.Trial> trials = new ArrayList<>();
    for (double multiple : MULTIPLES) {
      double rescale = rounded(multiple * (1 - pruneRate));
      if (rescale <= 1) {
        double value = mean(fineTune, technique, pruneRate, rescale, objective);
        trials.add(new RescaleChoice.Trial(rescale, value));
      }
    }
    // Of equals the one closest to plain DARE.
    RescaleChoice.Trial chosen =
        trials.stream().min(best.thenComparingDouble(RescaleChoice.Trial::parameter)).orElseThrow();
    return new RescaleChoice(chosen.parameter(), new TreeMap<>(), trials);
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
      CompressionSettings settings =
          Artifacts.settings(
              technique, pruneRate, RescaleChoice.fixed(rescale), seed, ValueCode.EXACT);
      sum += bench.withArtifact(fineTune, settings, objective);
    }
    return sum / seeds.size();
  }

  /** 1 - .99 is not .01 in binary; eight decimals are finer than the grid at p = .9999. */
  private static double rounded(double rescale) {
    return Math.round(rescale * 1e8) / 1e8;
  }
}
