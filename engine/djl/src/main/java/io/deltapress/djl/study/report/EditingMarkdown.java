package io.deltapress.djl.study.report;

import io.deltapress.djl.study.Summary;
import io.deltapress.djl.study.editing.EditingMethod;
import io.deltapress.djl.study.editing.EditingRow;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/** Writes a study of editing as a page of tables. */
public final class EditingMarkdown {

  private EditingMarkdown() {}

  /**
   * Writes a page.
   *
   * @param document the study
   * @param pictures what was drawn, in the same directory
   * @return Markdown
   */
  public static String of(EditingDocument document, List<ResultsMarkdown.Picture> pictures) {
    StringBuilder text = new StringBuilder();
    text.append("# Editing that lasts: results\n\n");
    text.append(
        String.format(
            Locale.ROOT,
            "`%s`, commit `%s`, version %s, Java %s, %s, %d processors.%n%n",
            document.run().command(),
            document.run().commit(),
            document.run().version(),
            document.run().java(),
            document.run().engine(),
            document.run().processors()));
    text.append(
        String.format(
            Locale.ROOT,
            "Counterfactual edits of the reference base's facts, one phrasing given, on the weights"
                + " as edited before. **Success**: the prompt gets the target and nothing behind it."
                + " **Rephrase**: so do the four other phrasings. **Locality**: %,d facts that no"
                + " method was shown are still answered (%,d others, in all phrasings, may be shown:"
                + " `whitened` is). **Text loss**: nats per token of prompts about people the model"
                + " never heard of; %.3f before the first edit. Means over %d sequences.%n%n",
            document.plan().heldOut(),
            document.plan().preserved(),
            document.baseTextLoss(),
            document.plan().seeds().size()));
    text.append("## What it shows\n\n");
    for (Claim claim : document.claims()) {
      text.append(
          String.format(
              Locale.ROOT,
              "- **%s**: %s (%s).%n",
              claim.statement(),
              claim.verdict().wireName(),
              claim.rule()));
      claim.evidence().forEach(line -> text.append("  - ").append(line).append('\n'));
    }
    text.append('\n');
    for (ResultsMarkdown.Picture picture : pictures) {
      text.append(String.format(Locale.ROOT, "![%s](%s)%n%n", picture.caption(), picture.file()));
    }
    text.append("## Success / rephrase / locality\n\n");
    text.append(table(document, EditingMarkdown::threeFigures));
    text.append("\n## Text loss\n\n");
    text.append(table(document, point(EditingRow.Point::textLoss, "%.2f")));
    text.append("\n## Milliseconds per edit\n\n");
    text.append(
        "Computing and putting on, wall clock, on a machine that may have been busy; the first ones"
            + " bear what is done once.\n\n");
    text.append(table(document, point(EditingRow.Point::milliseconds, "%.0f")));
    text.append("\n## Kilobytes per edit\n\n");
    text.append(table(document, point(kilobytes -> kilobytes.bytes() / 1024, "%.1f")));
    text.append(stops(document));
    return text.toString();
  }

  /** {@code one by one}. */
  static String batch(int batch) {
    return switch (batch) {
      case 0 -> "all at once";
      case 1 -> "one by one";
      default -> "batches of " + batch;
    };
  }

  /** What a cell says. */
  @FunctionalInterface
  private interface Cell {
    Optional<String> of(EditingFigures figures, EditingMethod method, int batch, int edits);
  }

  private static Cell point(ToDoubleFunction<EditingRow.Point> figure, String format) {
    return (figures, method, batch, edits) ->
        figures
            .mean(method, batch, edits, figure)
            .map(mean -> String.format(Locale.ROOT, format, mean.mean()));
  }

  private static Optional<String> threeFigures(
      EditingFigures figures, EditingMethod method, int batch, int edits) {
    Optional<Summary> success = figures.mean(method, batch, edits, EditingRow.Point::success);
    return success.map(
        mean ->
            String.format(
                Locale.ROOT,
                "%.3f / %.3f / %.3f",
                mean.mean(),
                figures.mean(method, batch, edits, EditingRow.Point::rephrase).orElseThrow().mean(),
                figures
                    .mean(method, batch, edits, EditingRow.Point::locality)
                    .orElseThrow()
                    .mean()));
  }

  private static String table(EditingDocument document, Cell cell) {
    EditingFigures figures = document.figures();
    List<String> heading = new ArrayList<>(List.of("method", "edits"));
    document.plan().counts().forEach(count -> heading.add(Numbers.count(count)));
    MarkdownTable table = new MarkdownTable(heading);
    for (EditingMethod method : document.plan().methods()) {
      for (int batch : figures.batches(method)) {
        List<String> row = new ArrayList<>(List.of(method.wireName(), batch(batch)));
        for (int count : document.plan().counts()) {
          row.add(cell.of(figures, method, batch, count).orElse("–"));
        }
        table.row(row);
      }
    }
    return table.text();
  }

  private static String stops(EditingDocument document) {
    StringBuilder text = new StringBuilder();
    for (EditingRow row : document.rows()) {
      if (!row.stopped().isEmpty()) {
        text.append(
            String.format(
                Locale.ROOT,
                "- %s, %s, sequence %d: %s%n",
                row.key().method().wireName(),
                batch(row.key().batch()),
                row.key().seed(),
                row.stopped()));
      }
    }
    return text.isEmpty() ? "" : "\n## Sequences that were ended early\n\n" + text;
  }
}
