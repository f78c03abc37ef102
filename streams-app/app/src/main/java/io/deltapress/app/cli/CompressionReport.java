package io.deltapress.app.cli;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.deltapress.djl.rescale.RescaleFit;
import io.deltapress.djl.rescale.Trial;
import io.deltapress.format.artifact.CompressionSettings;
import io.deltapress.format.artifact.CompressionSummary;
import io.deltapress.format.artifact.ShardSummary;
import io.deltapress.format.delta.DeltaStatistics;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/** What {@code compress} says of what it made; its fields are those of the JSON document. */
record CompressionReport(
    String artifact,
    String artifactDigest,
    String parentDigest,
    String fineTunedDigest,
    String method,
    double pruneRate,
    double rescale,
    SortedMap<String, Double> tensorRescale,
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
    @Nullable Search search,
    @Nullable ObjectNode selection,
    @JsonIgnore String choiceText,
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

  /** How the rescale factors were found. */
  record Search(
      String strategy,
      String parameter,
      double value,
      String measured,
      double objective,
      int evaluations,
      List<Trial> trials) {

    static Search of(RescaleFit fit) {
      return new Search(
          fit.strategy().wireName(),
          fit.strategy().parameter(),
          fit.parameter(),
          fit.measured(),
          fit.objective(),
          fit.evaluations(),
          fit.trials().all());
    }

    String text() {
      return String.format(
          Locale.ROOT,
          "%s %s %s: %s %s after %d trials",
          strategy,
          parameter,
          Figures.number(value),
          measured,
          Figures.number(objective),
          evaluations);
    }
  }

  static CompressionReport of(
      Path artifact, CompressionPlan.Found found, CompressionSummary summary, double seconds) {
    CompressionSettings settings = found.settings();
    return new CompressionReport(
        artifact.toString(),
        summary.artifact().hex(),
        summary.parent().hex(),
        summary.fineTuned().hex(),
        settings.method().wireName(),
        settings.pruneRate(),
        settings.rescale().common(),
        settings.rescale().perTensor(),
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
        found.fit() == null ? null : Search.of(found.fit()),
        found.selection() == null ? null : found.selection().json(),
        choiceText(found),
        seconds);
  }

  private static int sum(CompressionSummary summary, ToIntFunction<ShardSummary> count) {
    return summary.shards().stream().mapToInt(count).sum();
  }

  private static String choiceText(CompressionPlan.Found found) {
    return found.selection() == null ? "" : SelectionText.of(found.selection());
  }

  String text() {
    TextTable table =
        new TextTable()
            .row("artifact", artifact)
            .row("artifact digest", artifactDigest)
            .row("parent digest", parentDigest)
            .row("fine-tuned digest", fineTunedDigest)
            .row(
                "method",
                "%s, p %s, q %s"
                    .formatted(
                        method, Figures.number(pruneRate), RescaleText.of(rescale, tensorRescale)))
            .row("values", values)
            .row("seed", seed)
            .row("files", shards)
            .row(
                "tensors",
                String.format(
                    Locale.ROOT,
                    "%d pruned, %d whole, %d unchanged",
                    prunedTensors,
                    wholeTensors,
                    unchangedTensors))
            .row("kept", String.format(Locale.ROOT, "%d of %d parameters", keptValues, parameters))
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
                        Figures.bytes(artifactBytes),
                        Figures.bytes(denseBytes),
                        Figures.ratio(ratio)))
            .row("took", Figures.seconds(seconds));
    if (search != null) {
      table.row("search", search.text());
    }
    return choiceText + table.text();
  }
}
