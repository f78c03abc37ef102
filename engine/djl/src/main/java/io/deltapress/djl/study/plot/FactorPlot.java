package io.deltapress.djl.study.plot;

import io.deltapress.djl.study.Cell;
import io.deltapress.djl.study.FineTuneFacts;
import io.deltapress.djl.study.Technique;
import io.deltapress.djl.study.report.Scores;
import io.deltapress.djl.study.report.StudyDocument;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The factor q of every layer, in multiples of DARE's 1 - p, at one steep rate: one panel per
 * fine-tune. A technique with one factor for all is a level line.
 */
final class FactorPlot {

  private static final double RATE = 0.99;

  private FactorPlot() {}

  static Figure of(StudyDocument document) {
    Scores scores = document.scores();
    int columns = Figure.columns(scores.fineTunes().size());
    Figure figure =
        new Figure(
            "Rescale factor q per layer at p = %s (1 is DARE)".formatted(Axes.fraction(RATE)),
            columns,
            300);
    List<Technique> searched =
        scores.techniques().stream()
            .filter(technique -> technique.rescaling() != Technique.Rescaling.PLAIN)
            .filter(technique -> technique != Technique.STRUCTURAL_OUTPUT_CHANGE)
            .toList();
    for (FineTuneFacts fineTune : scores.fineTunes()) {
      panel(scores, fineTune, searched).ifPresent(figure::add);
    }
    searched.forEach(technique -> figure.legend(technique.label(), ScorePlot.look(technique)));
    return figure;
  }

  private static Optional<Panel> panel(
      Scores scores, FineTuneFacts fineTune, List<Technique> searched) {
    List<Cell> found = new ArrayList<>();
    TreeSet<LayerName> layers = new TreeSet<>();
    for (Technique technique : searched) {
      Optional<Cell> cell = scores.find(fineTune.name(), technique, RATE);
      cell.ifPresent(found::add);
      cell.ifPresent(
          with -> with.rescale().perTensor().keySet().forEach(n -> layers.add(new LayerName(n))));
    }
    if (layers.isEmpty()) {
      return Optional.empty();
    }
    List<LayerName> order = List.copyOf(layers);
    double largest = 1;
    for (Cell cell : found) {
      for (double factor : factors(cell, order)) {
        largest = Math.max(largest, factor / (1 - RATE));
      }
    }
    Panel panel =
        new Panel(
            fineTune.name(),
            new TickAxis("block", blockTicks(order), -0.8, order.size() - 0.2),
            Axes.logarithmic("q, in multiples of 1 - p", 1, largest));
    for (Cell cell : found) {
      Technique technique = cell.key().technique();
      Panel.Line line = panel.line(technique.label(), ScorePlot.look(technique));
      List<Double> factors = factors(cell, order);
      for (int i = 0; i < order.size(); i++) {
        if (technique.perLayer() || i == 0 || i == order.size() - 1) {
          line.point(i, Math.log10(factors.get(i) / (1 - RATE)));
        }
      }
    }
    return Optional.of(panel);
  }

  private static List<Double> factors(Cell cell, List<LayerName> order) {
    return order.stream()
        .map(
            layer ->
                cell.rescale().perTensor().getOrDefault(layer.tensor(), cell.rescale().common()))
        .toList();
  }

  /** A tick where each block begins. */
  private static SortedMap<Double, String> blockTicks(List<LayerName> order) {
    SortedMap<Double, String> ticks = new TreeMap<>();
    int last = -1;
    for (int i = 0; i < order.size(); i++) {
      if (order.get(i).block() != last) {
        last = order.get(i).block();
        ticks.put((double) i, String.valueOf(last));
      }
    }
    return ticks;
  }
}
