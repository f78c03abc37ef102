package io.deltapress.app.cli;

import io.deltapress.format.artifact.CompressionSettings;
import io.deltapress.format.artifact.CompressionSummary;
import io.deltapress.format.artifact.ShardSummary;
import io.deltapress.format.delta.DeltaStatistics;
import java.nio.file.Path;
import java.util.Locale;
import java.util.function.ToIntFunction;

/** What {@code compress} says of what it made; its fields are those of the JSON document. */
record CompressionReport(
    String artifact,
    String artifactDigest,
    String parentDigest,
    String fineTunedDigest,
    String method,
    double pruneRate,
    double rescale,
    long seed,
    String values,
    int shards,
    int prunedTensors,
    int wholeTensors,
    int unchangedTensors,
    long parameters,
    long keptValues,
    long denseBytes,
    long artifactBytes,
    double ratio,
    Statistics statistics,
    double seconds) {

  /** Moments of the delta over all pruned tensors. */
  record Statistics(
      long count,
      double mean,
      double meanAbsolute,
      double variance,
      double maxAbsolute,
      double unchangedFraction) {

    static Statistics of(DeltaStatistics delta) {
      return new Statistics(
          delta.count(),
          delta.mean(),
          delta.meanAbsolute(),
          delta.variance(),
          delta.maxAbsolute(),
          delta.unchangedFraction());
    }
  }

  static CompressionReport of(
      Path artifact, CompressionSettings settings, CompressionSummary summary, double seconds) {
    return new CompressionReport(
        artifact.toString(),
        summary.artifact().hex(),
        summary.parent().hex(),
        summary.fineTuned().hex(),
        settings.method().wireName(),
        settings.pruneRate(),
        settings.rescale().common(),
        settings.seed(),
        settings.values().wireName(),
        summary.shards().size(),
        sum(summary, ShardSummary::pruned),
        sum(summary, ShardSummary::whole),
        sum(summary, ShardSummary::unchanged),
        summary.parameters(),
        summary.keptValues(),
        summary.denseBytes(),
        summary.artifactBytes(),
        (double) summary.denseBytes() / summary.artifactBytes(),
        Statistics.of(summary.statistics()),
        seconds);
  }

  private static int sum(CompressionSummary summary, ToIntFunction<ShardSummary> count) {
    return summary.shards().stream().mapToInt(count).sum();
  }

  String text() {
    return new TextTable()
        .row("artifact", artifact)
        .row("artifact digest", artifactDigest)
        .row("parent digest", parentDigest)
        .row("fine-tuned digest", fineTunedDigest)
        .row(
            "method",
            "%s, p %s, q %s".formatted(method, Figures.number(pruneRate), Figures.number(rescale)))
        .row("values", values)
        .row("seed", seed)
        .row("files", shards)
        .row(
            "tensors",
            "%d pruned, %d whole, %d unchanged"
                .formatted(prunedTensors, wholeTensors, unchangedTensors))
        .row("kept", "%d of %d parameters".formatted(keptValues, parameters))
        .row(
            "delta",
            String.format(
                Locale.ROOT,
                "mean |d| %.3g, mean %.3g, variance %.3g, max |d| %.3g, %s unchanged",
                statistics.meanAbsolute(),
                statistics.mean(),
                statistics.variance(),
                statistics.maxAbsolute(),
                Figures.percent(statistics.unchangedFraction())))
        .row(
            "size",
            "%s for %s dense (%s)"
                .formatted(
                    Figures.bytes(artifactBytes), Figures.bytes(denseBytes), Figures.ratio(ratio)))
        .row("took", Figures.seconds(seconds))
        .text();
  }
}
