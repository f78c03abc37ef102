package io.deltapress.app.cli;

import io.deltapress.app.domain.PolicyRules;
import io.deltapress.schemas.Canary;
import io.deltapress.schemas.EditPolicy;
import io.deltapress.schemas.Policy;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A policy as JSON; its keys are those of the file that sets one, and who set it.
 *
 * @param refused why the planner does not let it hold, in which case the one before still does;
 *     null if it holds
 */
record PolicyDocument(
    String scope,
    String method,
    List<Double> pruneRates,
    String values,
    String rescale,
    @Nullable String calibration,
    List<CanaryDocument> canaries,
    double largestDrop,
    String whenUnmeasured,
    @Nullable EditRules edits,
    String author,
    String updatedAt,
    @Nullable String refused) {

  /** A canary as JSON. */
  record CanaryDocument(String name, String tasks, @Nullable String sha256, String metric) {
    static CanaryDocument of(Canary canary) {
      return new CanaryDocument(
          canary.getName(),
          canary.getTaskLocation(),
          canary.getSha256(),
          PolicyFile.spelled(canary.getMetric()));
    }
  }

  /** How edits are made and judged, as JSON. */
  record EditRules(
      String editor,
      @Nullable String preserve,
      int largestBatch,
      long window,
      int mostLive,
      double largestDrop,
      String whenUnmeasured) {
    static @Nullable EditRules of(@Nullable EditPolicy edits) {
      return edits == null
          ? null
          : new EditRules(
              edits.getEditor(),
              edits.getPreservedLocation(),
              edits.getLargestBatch(),
              edits.getWindow(),
              edits.getMostLive(),
              edits.getLargestDrop(),
              PolicyFile.spelled(edits.getWhenUnmeasured()));
    }

    String text() {
      return "by %s%s, up to %d at once within %d ms, %d live, largest drop %s, unmeasured: %s"
          .formatted(
              Printable.of(editor),
              preserve == null ? "" : " preserving " + Printable.of(preserve),
              largestBatch,
              window,
              mostLive,
              Figures.percent(largestDrop),
              whenUnmeasured);
    }
  }

  static PolicyDocument of(Policy policy) {
    return new PolicyDocument(
        policy.getScope(),
        WireCompression.nameOf(policy.getMethod()),
        List.copyOf(policy.getPruneRates()),
        WireCompression.nameOf(policy.getValues()),
        PolicyFile.spelled(policy.getRescale()),
        policy.getCalibrationLocation(),
        policy.getCanaries().stream().map(CanaryDocument::of).toList(),
        policy.getLargestDrop(),
        PolicyFile.spelled(policy.getWhenUnmeasured()),
        EditRules.of(policy.getEdits()),
        policy.getAuthor(),
        EventLine.time(policy.getUpdatedAt()),
        PolicyRules.broken(policy).orElse(null));
  }

  String ladderText() {
    return pruneRates.stream()
        .map(rate -> rate == 0 ? "whole" : Figures.number(rate))
        .collect(Collectors.joining(" "));
  }

  String editsText() {
    return edits == null ? "not allowed" : edits.text();
  }

  String text() {
    TextTable table =
        new TextTable()
            .row("scope", scope)
            .row("method", method + ", values " + values + ", rescale " + rescale)
            .row("ladder", ladderText());
    canaries.forEach(
        canary ->
            table.row(
                "canary",
                "%s: %s of %s"
                    .formatted(
                        Printable.of(canary.name()),
                        canary.metric(),
                        Printable.of(canary.tasks()))));
    return table
        .row("largest drop", Figures.percent(largestDrop))
        .row("when unmeasured", whenUnmeasured)
        .row("edits", editsText())
        .text();
  }
}
