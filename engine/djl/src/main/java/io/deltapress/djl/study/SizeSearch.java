package io.deltapress.djl.study;

import io.deltapress.format.artifact.CompressionSettings;
import io.deltapress.format.artifact.ValueCode;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Looks for the highest prune rate at which a technique keeps the score, on validation tasks, by
 * halving the ladder: what survives a prune rate survives the lower ones.
 */
final class SizeSearch {

  private final Bench bench;
  private final StudyPlan plan;
  private final StudyListener listener;
  private final FineTune fineTune;
  private final FineTuneFacts facts;
  private final Technique technique;
  private final Map<Double, RescaleChoice> choices = new HashMap<>();

  SizeSearch(
      Bench bench,
      StudyPlan plan,
      StudyListener listener,
      FineTune fineTune,
      FineTuneFacts facts,
      Technique technique) {
    this.bench = bench;
    this.plan = plan;
    this.listener = listener;
    this.fineTune = fineTune;
    this.facts = facts;
    this.technique = technique;
  }

  /** One rung of the ladder, measured. */
  private record Rung(
      double pruneRate,
      double rescale,
      double validation,
      List<Double> test,
      long bytes,
      long headerBytes) {}

  SizeKey key(ValueCode values) {
    return new SizeKey(
        facts.name(),
        facts.weightsDigest(),
        technique,
        values,
        plan.sizes().ladder(),
        technique.drawn() ? plan.seeds() : List.of(),
        plan.sample());
  }

  SizeRow smallest(ValueCode values) throws IOException {
    List<Double> ladder = plan.sizes().ladder();
    @Nullable Rung best = null;
    int low = 0;
    int high = ladder.size() - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      Rung rung = rung(ladder.get(middle), values);
      if (keeps(rung)) {
        best = rung;
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    boolean found = best != null;
    Rung shown = best == null ? rung(ladder.get(0), values) : best;
    Summary test = Summary.of(shown.test());
    return new SizeRow(
        key(values),
        found,
        shown.pruneRate(),
        shown.rescale(),
        shown.bytes(),
        shown.headerBytes(),
        (double) facts.denseBytes() / shown.bytes(),
        shown.validation(),
        test,
        facts.score() - test.mean());
  }

  private boolean keeps(Rung rung) {
    return rung.validation() >= facts.validationScore() - SizeRow.ONE_POINT - SizeRow.ROUNDING;
  }

  private Rung rung(double pruneRate, ValueCode values) throws IOException {
    RescaleChoice rescale = choices.get(pruneRate);
    if (rescale == null) {
      rescale =
          new RescaleSearcher(bench, plan.searchSeeds(), listener)
              .choose(fineTune, technique, pruneRate);
      choices.put(pruneRate, rescale);
    }
    double validation = 0;
    List<Double> test = new ArrayList<>();
    long bytes = 0;
    long headerBytes = 0;
    List<Long> seeds = technique.drawn() ? plan.seeds() : List.of(0L);
    for (long seed : seeds) {
      CompressionSettings settings =
          bench.settings(fineTune, technique, pruneRate, rescale, seed, values);
      validation += bench.withArtifact(fineTune, settings, LoadedFineTune::validationScore);
      test.add(bench.load(fineTune).testScore());
      if (bytes == 0) {
        bytes = bench.artifact().toFile().length();
        headerBytes = headerBytes(bench.artifact());
      }
    }
    return new Rung(
        pruneRate, rescale.common(), validation / seeds.size(), test, bytes, headerBytes);
  }

  /** A safetensors file starts with the length of its JSON header, eight bytes little-endian. */
  static long headerBytes(Path artifact) throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(artifact.toFile(), "r")) {
      return Long.BYTES + Long.reverseBytes(file.readLong());
    }
  }
}
