package io.deltapress.djl.study.report;

import io.deltapress.djl.study.editing.EditingPlan;
import io.deltapress.djl.study.editing.EditingRow;
import io.deltapress.djl.study.editing.EditingStudy;
import java.util.List;

/**
 * All of a study of editing: what its {@code results.json} holds, and everything else is made from.
 *
 * @param schema version of this document's shape
 * @param run how it was made
 * @param plan what was to be measured
 * @param baseTextLoss of the model without edits, in nats per token
 * @param held how long each method held
 * @param claims what was hoped for, checked
 * @param rows what was measured
 */
public record EditingDocument(
    int schema,
    StudyDocument.Run run,
    EditingPlan plan,
    double baseTextLoss,
    List<EditingFigures.Held> held,
    List<Claim> claims,
    List<EditingRow> rows) {

  /** The present shape. */
  public static final int SCHEMA = 1;

  /** Makes the lists unmodifiable. */
  public EditingDocument {
    held = List.copyOf(held);
    claims = List.copyOf(claims);
    rows = List.copyOf(rows);
  }

  /**
   * Puts a document together and checks the claims.
   *
   * @param run how it was made
   * @param plan what was to be measured
   * @param measured what was measured
   * @return the document
   */
  public static EditingDocument of(
      StudyDocument.Run run, EditingPlan plan, EditingStudy.Measured measured) {
    EditingFigures figures = new EditingFigures(plan, measured.rows());
    return new EditingDocument(
        SCHEMA,
        run,
        plan,
        measured.baseTextLoss(),
        figures.held(),
        EditingClaims.check(figures),
        measured.rows());
  }

  /**
   * Gives the figures for looking up.
   *
   * @return means over seeds
   */
  public EditingFigures figures() {
    return new EditingFigures(plan, rows);
  }
}
