package io.deltapress.djl.study.plot;

import io.deltapress.djl.study.Cell;
import io.deltapress.djl.study.FineTuneFacts;
import io.deltapress.djl.study.Technique;
import io.deltapress.djl.study.report.Scores;
import io.deltapress.djl.study.report.StudyDocument;
import java.util.List;
import java.util.Optional;

/** Score against the size of the artifact: one panel per fine-tune, one line per technique. */
final class SizePlot {

  private SizePlot() {}

  static Figure of(StudyDocument document) {
    Scores scores = document.scores();
    List<Technique> techniques = scores.techniques();
    int columns = Figure.columns(scores.fineTunes().size());
    Figure figure =
        new Figure("Test score against the size of the artifact file (exact values)", columns, 300);
    for (FineTuneFacts fineTune : scores.fineTunes()) {
      panel(scores, fineTune, techniques).ifPresent(figure::add);
    }
    for (Technique technique : techniques) {
      figure.legend(technique.label(), ScorePlot.look(technique));
    }
    return figure;
  }

  private static Optional<Panel> panel(
      Scores scores, FineTuneFacts fineTune, List<Technique> techniques) {
    List<Double> ratios =
        scores.cells().stream()
            .filter(cell -> cell.key().fineTune().equals(fineTune.name()))
            .map(cell -> ratio(cell, fineTune))
            .toList();
    if (ratios.isEmpty()) {
      return Optional.empty();
    }
    double smallest = ratios.stream().mapToDouble(ratio -> ratio).min().orElseThrow();
    double largest = ratios.stream().mapToDouble(ratio -> ratio).max().orElseThrow();
    Panel panel =
        new Panel(
            fineTune.name(),
            Axes.ratio("times smaller than bf16", smallest, largest),
            Axes.score("test score"));
    panel.reference(fineTune.score());
    for (Technique technique : techniques) {
      Panel.Line line = panel.line(technique.label(), ScorePlot.look(technique));
      for (double rate : scores.pruneRates()) {
        scores
            .find(fineTune.name(), technique, rate)
            .ifPresent(
                cell ->
                    line.point(
                        Math.log10(ratio(cell, fineTune)),
                        cell.score().mean(),
                        cell.score().deviation()));
      }
    }
    return Optional.of(panel);
  }

  private static double ratio(Cell cell, FineTuneFacts fineTune) {
    return fineTune.denseBytes() / cell.bytes().mean();
  }
}
