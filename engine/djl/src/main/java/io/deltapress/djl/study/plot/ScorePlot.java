package io.deltapress.djl.study.plot;

import io.deltapress.djl.study.Cell;
import io.deltapress.djl.study.FineTuneFacts;
import io.deltapress.djl.study.Summary;
import io.deltapress.djl.study.Technique;
import io.deltapress.djl.study.report.Scores;
import io.deltapress.djl.study.report.StudyDocument;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Score against prune rate: one panel per fine-tune, one line per technique. */
final class ScorePlot {

  /** So that bars at the same rate stand side by side. */
  private static final double SIDESTEP = 0.014;

  private ScorePlot() {}

  static Figure of(StudyDocument document) {
    Scores scores = document.scores();
    List<Technique> techniques = scores.techniques();
    int columns = Figure.columns(scores.fineTunes().size());
    Figure figure =
        new Figure("Test score after pruning at rate p (bars: ± 1 s. d. over masks)", columns, 300);
    for (FineTuneFacts fineTune : scores.fineTunes()) {
      figure.add(panel(scores, fineTune, techniques));
    }
    for (Technique technique : techniques) {
      figure.legend(technique.label(), look(technique));
    }
    return figure;
  }

  static Panel.Look look(Technique technique) {
    return new Panel.Look(
        Style.color(technique), Style.stroke(technique), Style.marker(technique), true);
  }

  private static Panel panel(Scores scores, FineTuneFacts fineTune, List<Technique> techniques) {
    Panel panel =
        new Panel(
            String.format(
                Locale.ROOT,
                "%s (%s, delta %.0f %%)",
                fineTune.name(),
                fineTune.kind().wireName(),
                100 * fineTune.relativeDelta()),
            Axes.pruneRate("prune rate p", scores.pruneRates()),
            Axes.score("test score"));
    panel.reference(fineTune.score());
    for (int i = 0; i < techniques.size(); i++) {
      Technique technique = techniques.get(i);
      Panel.Line line = panel.line(technique.label(), look(technique));
      double aside = SIDESTEP * (i - (techniques.size() - 1) / 2.0);
      for (double rate : scores.pruneRates()) {
        Optional<Cell> cell = scores.find(fineTune.name(), technique, rate);
        if (cell.isPresent()) {
          Summary score = cell.get().score();
          line.point(Axes.position(rate) + aside, score.mean(), score.deviation());
        }
      }
    }
    return panel;
  }
}
