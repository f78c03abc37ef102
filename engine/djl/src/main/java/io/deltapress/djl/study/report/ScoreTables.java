package io.deltapress.djl.study.report;

import io.deltapress.djl.study.Cell;
import io.deltapress.djl.study.FineTuneFacts;
import io.deltapress.djl.study.Technique;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** The tables about scores, factors and outputs: techniques down, prune rates across. */
final class ScoreTables {

  private static final String NONE = "";

  private final Scores scores;

  ScoreTables(Scores scores) {
    this.scores = scores;
  }

  String fineTunes() {
    MarkdownTable table =
        MarkdownTable.of(
            "fine-tune",
            "delta",
            "made how",
            "mean abs delta",
            "relative to the weights",
            "base's score",
            "own score");
    for (FineTuneFacts fineTune : scores.fineTunes()) {
      table.row(
          fineTune.name(),
          fineTune.kind().wireName(),
          fineTune.origin(),
          Numbers.plain(fineTune.meanDelta()),
          Numbers.plain(fineTune.relativeDelta()),
          Numbers.score(fineTune.baseScore()),
          Numbers.score(fineTune.score()));
    }
    return table.text();
  }

  /** Scores of one fine-tune; the best of a column is bold. */
  String scores(String fineTune) {
    return table(
        fineTune,
        scores.techniques(),
        cell -> {
          String text = Numbers.score(cell.score());
          return isBest(cell) ? "**" + text + "**" : text;
        });
  }

  private boolean isBest(Cell cell) {
    double best =
        scores
            .best(cell.key().fineTune(), scores.techniques(), cell.key().pruneRate())
            .orElseThrow()
            .score()
            .mean();
    return cell.key().pruneRate() > 0 && cell.score().mean() == best && best > 0;
  }

  String outputChanges(String fineTune) {
    return table(fineTune, scores.techniques(), cell -> Numbers.plain(cell.outputChange().mean()));
  }

  /** Factors of the techniques that search for one; of layers with their own, the mean. */
  String factors(String fineTune) {
    List<Technique> searched =
        scores.techniques().stream()
            .filter(technique -> technique.rescaling() != Technique.Rescaling.PLAIN)
            .toList();
    return table(fineTune, searched, cell -> Numbers.plain(cell.rescale().mean()));
  }

  private String table(String fineTune, List<Technique> techniques, Function<Cell, String> figure) {
    List<String> heading = new ArrayList<>(List.of("technique"));
    scores.pruneRates().forEach(rate -> heading.add("p = " + Numbers.rate(rate)));
    MarkdownTable table = new MarkdownTable(heading);
    for (Technique technique : techniques) {
      List<String> row = new ArrayList<>(List.of(technique.label()));
      for (double rate : scores.pruneRates()) {
        row.add(scores.find(fineTune, technique, rate).map(figure).orElse(NONE));
      }
      table.row(row);
    }
    return table.text();
  }
}
