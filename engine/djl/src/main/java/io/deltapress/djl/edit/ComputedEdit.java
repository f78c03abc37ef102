package io.deltapress.djl.edit;

import io.deltapress.format.edit.LowRankShift;
import java.util.List;

/**
 * What an editor made of one request.
 *
 * @param request what was asked for
 * @param shifts what is added to weights, at most one per weight, in the order of the forward pass;
 *     empty if the model gave the target already
 * @param norm Frobenius norm of all shifts together
 * @param rank largest rank of a shift; 0 if there is none
 * @param milliseconds wall-clock time; of a batch that is computed together, the share of one edit
 */
public record ComputedEdit(
    EditRequest request, List<LowRankShift> shifts, double norm, int rank, double milliseconds) {

  /** Makes the list unmodifiable. */
  public ComputedEdit {
    shifts = List.copyOf(shifts);
  }

  /**
   * Says how much its artifact has to hold.
   *
   * @return bytes of factors and keys
   */
  public long bytes() {
    return Float.BYTES * shifts.stream().mapToLong(LowRankShift::elements).sum();
  }

  /**
   * Says whether the model gave the target before the edit.
   *
   * @return true if there is nothing to change
   */
  public boolean alreadyTrue() {
    return shifts.isEmpty();
  }
}
