package io.deltapress.app.cli;

import io.deltapress.app.cli.client.SubmissionOutcome;
import io.deltapress.schemas.EditOutcome;
import io.deltapress.schemas.EditSubmission;
import io.deltapress.schemas.topic.ModelKey;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What {@code submit edit} says of its edits; its fields are those of the JSON document. */
record EditsDocument(String model, List<Edit> edits) {

  /**
   * One edit.
   *
   * @param outcome submitted, served, rejected or dead-lettered
   * @param measured what became of it, once it was tried
   */
  record Edit(
      String editId,
      String outcome,
      @Nullable Integer version,
      @Nullable String reasonCode,
      @Nullable String message,
      @Nullable EditOutcomeDocument measured) {}

  static EditsDocument of(
      ModelKey model,
      List<EditSubmission> edits,
      Map<String, SubmissionOutcome> ended,
      Map<String, EditOutcome> measured) {
    return new EditsDocument(
        model.toString(),
        edits.stream()
            .map(EditSubmission::getEditId)
            .map(id -> edit(id, ended.get(id), measured.get(id)))
            .toList());
  }

  private static Edit edit(
      String id, @Nullable SubmissionOutcome end, @Nullable EditOutcome measured) {
    EndDocument ended = EndDocument.of(end, "served");
    return new Edit(
        id,
        ended.outcome(),
        ended.version(),
        ended.reasonCode(),
        ended.message(),
        measured == null ? null : EditOutcomeDocument.of(measured));
  }

  String text() {
    TextTable table =
        new TextTable(
            "edit", "outcome", "verdict", "rewrite", "rephrase", "locality", "portability", "norm");
    for (Edit edit : edits) {
      EditOutcomeDocument measured = edit.measured();
      table.row(
          Printable.of(edit.editId()),
          EndDocument.text(edit.outcome(), edit.version()),
          measured == null ? "-" : measured.verdict(),
          change(measured, EditOutcomeDocument.Scores::rewrite),
          change(measured, EditOutcomeDocument.Scores::rephrase),
          change(measured, EditOutcomeDocument.Scores::locality),
          change(measured, EditOutcomeDocument.Scores::portability),
          measured == null || measured.norm() == null ? "-" : Figures.number(measured.norm()));
    }
    return "model " + Printable.of(model) + System.lineSeparator() + table.text();
  }

  private static String change(
      @Nullable EditOutcomeDocument measured, EditOutcomeDocument.ScoreOf score) {
    return measured == null
        ? "-"
        : EditOutcomeDocument.change(measured.before(), measured.after(), score);
  }
}
