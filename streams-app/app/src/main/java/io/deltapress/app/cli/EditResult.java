package io.deltapress.app.cli;

import io.deltapress.format.edit.EditSummary;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What {@code apply} and {@code verify} say of edits; its fields are those of the document. */
record EditResult(
    @Nullable String result,
    String resultDigest,
    String foundationDigest,
    List<String> edits,
    int editedWeights,
    long resultBytes,
    double seconds) {

  /**
   * @param written where the result was put, null if it was not
   */
  static EditResult of(
      @Nullable String written, EditSummary summary, List<String> edits, double seconds) {
    return new EditResult(
        written,
        summary.result().hex(),
        summary.foundation().hex(),
        edits,
        summary.weights(),
        summary.resultBytes(),
        seconds);
  }

  String text() {
    TextTable table = new TextTable();
    if (result == null) {
      table.row("verified", edits.size() + " edits, against their foundation");
    } else {
      table.row("result", result);
    }
    return table
        .row("result digest", resultDigest)
        .row("foundation digest", foundationDigest)
        .row("edits", "%d, of %d weights".formatted(edits.size(), editedWeights))
        .row("size", Figures.bytes(resultBytes))
        .row("took", Figures.seconds(seconds))
        .text();
  }
}
