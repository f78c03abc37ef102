package io.deltapress.djl.study.report;

import io.deltapress.djl.study.Summary;
import io.deltapress.djl.study.editing.EditingMethod;
import io.deltapress.djl.study.editing.EditingPlan;
import io.deltapress.djl.study.editing.EditingRow;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/**
 * Figures of a study of editing for looking up: means over the sequences of edits.
 *
 * @param plan what was to be measured
 * @param rows what was measured
 */
public record EditingFigures(EditingPlan plan, List<EditingRow> rows) {

  /** Share of edits that must be answered for a model to hold. */
  static final double SUCCESS = 0.90;

  /** Share of other facts that must be answered for a model to hold. */
  static final double LOCALITY = 0.97;

  /** Makes the list unmodifiable. */
  public EditingFigures {
    rows = List.copyOf(rows);
  }

  /**
   * How long a method held.
   *
   * @param method what edits
   * @param batch how many edits are computed together; 0 if always all
   * @param edits the last count up to which success and locality were high enough at every count; 0
   *     if they never were
   */
  public record Held(EditingMethod method, int batch, int edits) {}

  /**
   * Lists the batches a method was measured with.
   *
   * @param method what edits
   * @return sizes, 0 if always all
   */
  public List<Integer> batches(EditingMethod method) {
    return rows.stream()
        .filter(row -> row.key().method() == method)
        .map(row -> row.key().batch())
        .distinct()
        .toList();
  }

  /**
   * Averages a figure over sequences.
   *
   * @param method what edits
   * @param batch how many edits are computed together
   * @param edits after how many
   * @param figure which one
   * @return mean and deviation; empty unless every sequence got so far
   */
  public Optional<Summary> mean(
      EditingMethod method, int batch, int edits, ToDoubleFunction<EditingRow.Point> figure) {
    List<Double> values = new ArrayList<>();
    for (EditingRow row : rowsOf(method, batch)) {
      Optional<EditingRow.Point> point = row.after(edits);
      if (point.isEmpty()) {
        return Optional.empty();
      }
      values.add(figure.applyAsDouble(point.get()));
    }
    return values.isEmpty() ? Optional.empty() : Optional.of(Summary.of(values));
  }

  List<EditingRow> rowsOf(EditingMethod method, int batch) {
    return rows.stream()
        .filter(row -> row.key().method() == method && row.key().batch() == batch)
        .toList();
  }

  /** How long every method held, in the order of the plan. */
  List<Held> held() {
    List<Held> held = new ArrayList<>();
    for (EditingMethod method : plan.methods()) {
      for (int batch : batches(method)) {
        held.add(new Held(method, batch, held(method, batch)));
      }
    }
    return held;
  }

  private int held(EditingMethod method, int batch) {
    int held = 0;
    for (int edits : plan.counts()) {
      if (!holds(method, batch, edits)) {
        break;
      }
      held = edits;
    }
    return held;
  }

  boolean holds(EditingMethod method, int batch, int edits) {
    Optional<Summary> success = mean(method, batch, edits, EditingRow.Point::success);
    Optional<Summary> locality = mean(method, batch, edits, EditingRow.Point::locality);
    return success.isPresent()
        && success.get().mean() >= SUCCESS
        && locality.orElseThrow().mean() >= LOCALITY;
  }

  /** How many edits the sequences have. */
  int length() {
    return plan.counts().get(plan.counts().size() - 1);
  }
}
