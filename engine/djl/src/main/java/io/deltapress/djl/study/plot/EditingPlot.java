package io.deltapress.djl.study.plot;

import io.deltapress.djl.study.Summary;
import io.deltapress.djl.study.editing.EditingMethod;
import io.deltapress.djl.study.editing.EditingRow;
import io.deltapress.djl.study.report.EditingDocument;
import io.deltapress.djl.study.report.EditingFigures;
import io.deltapress.djl.study.report.ResultsMarkdown.Picture;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/** Success, rephrase and locality against the number of edits: a row of panels per batch size. */
public final class EditingPlot {

  private static final String FILE = "edits.png";
  private static final int COLUMNS = 3;

  private EditingPlot() {}

  /** One figure of a point. */
  private record Measure(String name, ToDoubleFunction<EditingRow.Point> figure) {}

  private static final List<Measure> MEASURES =
      List.of(
          new Measure("edit success", EditingRow.Point::success),
          new Measure("rephrase", EditingRow.Point::rephrase),
          new Measure("locality", EditingRow.Point::locality));

  /**
   * Draws the study.
   *
   * @param document the study
   * @param directory where the picture goes
   * @return what was drawn
   * @throws IOException when it cannot be written
   */
  public static List<Picture> write(EditingDocument document, Path directory) throws IOException {
    Figure figure = of(document);
    List<Picture> pictures = new ArrayList<>();
    if (!figure.isEmpty()) {
      figure.write(directory.resolve(FILE));
      pictures.add(
          new Picture(
              FILE,
              "Success, rephrase and locality against the number of edits, means over sequences. A"
                  + " line ends where nothing was left to measure."));
    }
    return pictures;
  }

  static Figure of(EditingDocument document) {
    EditingFigures figures = document.figures();
    Figure figure = new Figure("What is left after so many edits", COLUMNS, 300);
    for (int batch : document.plan().batches()) {
      for (Measure measure : MEASURES) {
        figure.add(panel(document, figures, batch, measure));
      }
    }
    for (EditingMethod method : document.plan().methods()) {
      figure.legend(method.wireName(), look(method));
    }
    return figure;
  }

  private static Panel.Look look(EditingMethod method) {
    int index = method.ordinal();
    return new Panel.Look(Style.color(index), Style.solid(2f), Style.marker(index), true);
  }

  private static Panel panel(
      EditingDocument document, EditingFigures figures, int batch, Measure measure) {
    List<Integer> counts = document.plan().counts();
    Panel panel =
        new Panel(
            measure.name() + (batch == 1 ? ", one by one" : ", batches of " + batch),
            Axes.logarithmic("edits", counts.get(0), counts.get(counts.size() - 1)),
            Axes.score(measure.name()));
    for (EditingMethod method : document.plan().methods()) {
      Panel.Line line = panel.line(method.wireName(), look(method));
      for (int count : counts) {
        Optional<Summary> mean =
            figures.mean(method, method.isRefitted() ? 0 : batch, count, measure.figure());
        if (mean.isPresent()) {
          line.point(Math.log10(count), mean.get().mean(), mean.get().deviation());
        }
      }
    }
    return panel;
  }
}
