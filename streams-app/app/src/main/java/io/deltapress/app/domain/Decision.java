package io.deltapress.app.domain;

import java.util.ArrayList;
import java.util.List;

/**
 * What follows from one fact about one model.
 *
 * @param model the state to keep
 * @param outputs the records to write, in this order
 * @param ended deltas that came to their end with it; what was kept for them can go
 * @param changes of what is remembered of edits and versions, in this order
 */
public record Decision(
    ModelState model, List<Output> outputs, List<Ended> ended, List<LedgerChange> changes) {

  /** A submission and how it ended. */
  public record Ended(DeltaRequest request, Ending ending) {}

  /** Copies the lists, so that the decision is immutable. */
  public Decision {
    outputs = List.copyOf(outputs);
    ended = List.copyOf(ended);
    changes = List.copyOf(changes);
  }

  /** A decision that leaves edits and versions alone. */
  Decision(ModelState model, List<Output> outputs, List<Ended> ended) {
    this(model, outputs, ended, List.of());
  }

  /** The same after other records. */
  Decision after(List<Output> earlier) {
    List<Output> all = new ArrayList<>(earlier);
    all.addAll(outputs);
    return new Decision(model, all, ended, changes);
  }

  static Decision nothing(ModelState model) {
    return new Decision(model, List.of(), List.of());
  }
}
