package io.deltapress.djl.study.plot;

import io.deltapress.djl.rescale.Trial;
import io.deltapress.djl.study.Cell;
import io.deltapress.djl.study.FineTuneFacts;
import io.deltapress.djl.study.Technique;
import io.deltapress.djl.study.report.Scores;
import io.deltapress.djl.study.report.StudyDocument;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Output change against the factor q, in multiples of DARE's 1 - p: one panel per prune rate, one
 * line per fine-tune, as the search for the smallest change saw it.
 */
final class OutputChangePlot {

  private static final List<Double> RATES = List.of(0.9, 0.99, 0.999);

  private OutputChangePlot() {}

  static Figure of(StudyDocument document) {
    Scores scores = document.scores();
    List<Double> rates = RATES.stream().filter(scores.pruneRates()::contains).toList();
    Figure figure =
        new Figure("Output change against the rescale factor q", Math.max(1, rates.size()), 380);
    for (double rate : rates) {
      Optional<Panel> panel = panel(scores, rate);
      panel.ifPresent(figure::add);
    }
    for (int i = 0; i < scores.fineTunes().size(); i++) {
      figure.legend(scores.fineTunes().get(i).name(), look(i));
    }
    return figure;
  }

  private static Panel.Look look(int index) {
    return new Panel.Look(Style.color(index), Style.solid(2), Style.marker(index), true);
  }

  private static Optional<Panel> panel(Scores scores, double rate) {
    List<Double> multiples = new ArrayList<>();
    List<Double> values = new ArrayList<>();
    for (FineTuneFacts fineTune : scores.fineTunes()) {
      for (Trial trial : trials(scores, fineTune, rate)) {
        multiples.add(trial.value() / (1 - rate));
        values.add(trial.figure());
      }
    }
    if (values.isEmpty()) {
      return Optional.empty();
    }
    Panel panel =
        new Panel(
            "p = " + Axes.fraction(rate),
            Axes.logarithmic("q, in multiples of 1 - p", min(multiples), max(multiples)),
            Axes.logarithmic("output change (objective q_e)", min(values), max(values)));
    for (int i = 0; i < scores.fineTunes().size(); i++) {
      Panel.Line line = panel.line(scores.fineTunes().get(i).name(), look(i));
      for (Trial trial : trials(scores, scores.fineTunes().get(i), rate)) {
        line.point(Math.log10(trial.value() / (1 - rate)), Math.log10(trial.figure()));
      }
    }
    return Optional.of(panel);
  }

  private static List<Trial> trials(Scores scores, FineTuneFacts fineTune, double rate) {
    Optional<Cell> cell = scores.find(fineTune.name(), Technique.DAREX_Q_OUTPUT_CHANGE, rate);
    return cell.map(found -> found.rescale().trials()).orElse(List.of()).stream()
        .filter(trial -> trial.figure() > 0)
        .sorted(Comparator.comparingDouble(Trial::value))
        .toList();
  }

  private static double min(List<Double> values) {
    return values.stream().mapToDouble(value -> value).min().orElseThrow();
  }

  private static double max(List<Double> values) {
    return values.stream().mapToDouble(value -> value).max().orElseThrow();
  }
}
