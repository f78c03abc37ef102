package io.deltapress.djl.edit;

import java.io.IOException;
import java.util.List;
import java.util.Map;

/**
 * What all editors here have in common: requests that ask for nothing new are left alone, and what
 * the others come to is a sum over rows, of which each edit has its own.
 */
abstract class RowEditor implements Editor {

  @Override
  public final List<ComputedEdit> edit(
      EditableModel model, List<EditRequest> requests, EditListener listener) throws IOException {
    long started = System.nanoTime();
    PreparedEdits edits = PreparedEdits.of(model, requests);
    Map<String, RowFactors> factors = edits.changed().isEmpty() ? Map.of() : factors(model, edits);
    return RowFactors.edits(edits, factors, tolerance(), started, listener);
  }

  /**
   * Computes the shift of each layer.
   *
   * @param model left as it was
   * @param edits of which at least one asks for something new
   * @return by name of the weight, in the order of the layers; rows of those edits
   */
  abstract Map<String, RowFactors> factors(EditableModel model, PreparedEdits edits)
      throws IOException;

  /** Nothing: only trained editors hold native memory. */
  @Override
  public void close() {}

  /** Largest error of a shift that is accepted for a lower rank, as a share of its norm. */
  double tolerance() {
    return RowFactors.TOLERANCE;
  }
}
