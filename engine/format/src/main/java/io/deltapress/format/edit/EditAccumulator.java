package io.deltapress.format.edit;

import io.deltapress.format.lowrank.AccumulatedShift;
import java.io.IOException;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The sums of a growing list of edits in binary64, so that one more edit costs that edit only: what
 * a process keeps that serves edits as they come. Eight bytes of memory per element of a shifted
 * weight. To drop an edit begin anew: nothing is ever subtracted.
 *
 * <p>Not safe for use by several threads while edits are added.
 */
public final class EditAccumulator {
  private final EditedWeights edited = new EditedWeights();
  private final Map<String, AccumulatedShift> sums = new TreeMap<>();

  /**
   * Adds an edit after all others.
   *
   * @throws io.deltapress.format.IntegrityException if it was made for another foundation
   * @throws io.deltapress.format.BadInputException if it was added before
   * @throws IllegalArgumentException if it shifts a weight of more than 2^31 - 9 elements, which
   *     {@link EditedCheckpoint#of(io.deltapress.format.tensor.Checkpoint, java.util.List)} takes
   */
  public void add(EditArtifact edit) throws IOException {
    SortedMap<String, LowRankShift> shifts = edit.shifts();
    edited.add(edit);
    for (LowRankShift shift : shifts.values()) {
      EditedWeight weight = edited.weights().get(shift.weight());
      sums.computeIfAbsent(shift.weight(), name -> weight.noShift())
          .add(shift.product(weight.orientation()));
    }
  }

  EditedWeights edited() {
    return edited;
  }

  /** The weights that are shifted, by name; unmodifiable. */
  public SortedMap<String, EditedWeight> weights() {
    return edited.weights();
  }

  /**
   * The sum of one weight, laid out as the weight is.
   *
   * @throws IllegalArgumentException if no edit shifts it
   */
  public AccumulatedShift sum(String weight) {
    AccumulatedShift sum = sums.get(weight);
    if (sum == null) {
      throw new IllegalArgumentException("no edit shifts weight " + weight);
    }
    return sum;
  }
}
