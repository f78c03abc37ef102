package io.deltapress.app.cli;

import io.deltapress.djl.edit.EditScores;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What {@code edit} did; its fields are those of the JSON document. */
record EditReport(
    String editor,
    String foundationDigest,
    List<String> liveEdits,
    @Nullable String out,
    List<Edit> edits,
    double seconds) {

  /** One edit. Scores are shares of prompts, from 0 to 1; absent where there were no prompts. */
  record Edit(
      String id,
      boolean alreadyTrue,
      Scores before,
      Scores after,
      double norm,
      int rank,
      double milliseconds,
      @Nullable String artifact,
      @Nullable String artifactDigest,
      @Nullable Long artifactBytes) {}

  /** How a model does on a request. */
  record Scores(
      double rewriteAccuracy,
      @Nullable Double rephraseAccuracy,
      @Nullable Double locality,
      @Nullable Double portability) {

    static Scores of(EditScores scores) {
      return new Scores(
          scores.rewriteAccuracy(),
          scores.rephraseAccuracy(),
          scores.locality(),
          scores.portability());
    }
  }

  /**
   * @param out where the artifacts are, if they were written
   * @param written in the order of the edits; empty if they were not
   */
  static EditReport of(
      OfflineEditing editing,
      @Nullable String out,
      List<OfflineEditing.Measured> measured,
      List<OfflineEditing.Written> written,
      double seconds) {
    List<Edit> edits = new ArrayList<>();
    for (int i = 0; i < measured.size(); i++) {
      OfflineEditing.Measured one = measured.get(i);
      OfflineEditing.Written file = written.isEmpty() ? null : written.get(i);
      edits.add(
          new Edit(
              one.edit().request().id(),
              one.edit().alreadyTrue(),
              Scores.of(one.before()),
              Scores.of(one.after()),
              one.edit().norm(),
              one.edit().rank(),
              one.edit().milliseconds(),
              file == null ? null : file.file().toString(),
              file == null ? null : file.sha256(),
              file == null ? null : file.bytes()));
    }
    return new EditReport(
        editing.method(), editing.foundation().hex(), editing.live(), out, edits, seconds);
  }

  String text() {
    TextTable table =
        new TextTable(
            "edit", "rewrite", "rephrase", "locality", "portability", "norm", "rank", "ms");
    for (Edit edit : edits) {
      table.row(
          edit.id(),
          change(edit.before().rewriteAccuracy(), edit.after().rewriteAccuracy()),
          change(edit.before().rephraseAccuracy(), edit.after().rephraseAccuracy()),
          change(edit.before().locality(), edit.after().locality()),
          change(edit.before().portability(), edit.after().portability()),
          edit.alreadyTrue() ? "true already" : Figures.number(edit.norm()),
          edit.rank(),
          "%.1f".formatted(edit.milliseconds()));
    }
    TextTable summary =
        new TextTable().row("editor", editor).row("foundation digest", foundationDigest);
    if (!liveEdits.isEmpty()) {
      summary.row("on before", liveEdits.size() + " edits");
    }
    if (out != null) {
      summary.row("written", where());
    }
    return table.text()
        + System.lineSeparator()
        + summary.row("took", Figures.seconds(seconds)).text();
  }

  private String where() {
    long bytes =
        edits.stream().mapToLong(e -> e.artifactBytes() == null ? 0 : e.artifactBytes()).sum();
    return "%s (%d edits, %s)".formatted(Path.of(out), edits.size(), Figures.bytes(bytes));
  }

  /** {@code 0 > 1}; nothing where there was nothing to ask. */
  private static String change(@Nullable Double before, @Nullable Double after) {
    return before == null || after == null
        ? "-"
        : Figures.number(before) + " > " + Figures.number(after);
  }
}
