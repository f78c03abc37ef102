package io.deltapress.app.cli;

import io.deltapress.schemas.CanaryScore;
import io.deltapress.schemas.GateReport;
import io.deltapress.schemas.GateRung;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What was measured before a version became head, as JSON. */
record GateDocument(
    String verdict,
    @Nullable String reason,
    @Nullable String policyScope,
    @Nullable Double largestDrop,
    List<Rung> rungs) {

  /** One rung of the ladder as JSON. */
  record Rung(
      String method,
      double pruneRate,
      double rescale,
      @Nullable String fit,
      String verdict,
      @Nullable String reason,
      List<Score> canaries) {

    static Rung of(GateRung rung) {
      return new Rung(
          WireCompression.nameOf(rung.getMethod()),
          rung.getPruneRate(),
          rung.getRescale(),
          rung.getFit(),
          PolicyFile.spelled(rung.getVerdict()),
          rung.getReason(),
          rung.getCanaries().stream().map(Score::of).toList());
    }

    /** The rung as a row of {@link #table}. */
    void addTo(TextTable table) {
      String scores = Score.text(canaries);
      table.row(
          Figures.number(pruneRate),
          Figures.number(rescale),
          verdict,
          scores.isEmpty() && reason != null ? Printable.of(reason) : scores);
    }
  }

  /** A canary's score as JSON. */
  record Score(
      String name,
      String metric,
      double reference,
      double pruned,
      @Nullable Double base,
      int examples) {

    /** Scores in one line: what is left of each reference. */
    static String text(List<Score> scores) {
      return scores.stream()
          .map(
              score ->
                  "%s %s of %s"
                      .formatted(
                          Printable.of(score.name()),
                          Figures.percent(score.pruned()),
                          Figures.percent(score.reference())))
          .collect(Collectors.joining(", "));
    }

    static Score of(CanaryScore score) {
      return new Score(
          score.getName(),
          PolicyFile.spelled(score.getMetric()),
          score.getReferenceScore(),
          score.getPrunedScore(),
          score.getBaseScore(),
          score.getExamples());
    }
  }

  static GateDocument of(GateReport report) {
    return new GateDocument(
        PolicyFile.spelled(report.getVerdict()),
        report.getReason(),
        report.getPolicyScope(),
        report.getLargestDrop(),
        report.getRungs().stream().map(Rung::of).toList());
  }

  /** The rungs that were tried, for a person. */
  static String table(List<Rung> rungs) {
    TextTable table = new TextTable("p", "q", "gate", "pruned of fine-tune");
    rungs.forEach(rung -> rung.addTo(table));
    return table.text();
  }

  String text() {
    return reason == null
        ? "%s policy %s".formatted(verdict, Printable.of(String.valueOf(policyScope)))
        : "%s: %s".formatted(verdict, Printable.of(reason));
  }
}
