package io.deltapress.format.edit;

import io.deltapress.format.BadInputException;
import io.deltapress.format.lowrank.LowRankProduct;
import io.deltapress.format.lowrank.LowRankUpdate;
import io.deltapress.format.lowrank.Shift;
import io.deltapress.format.lowrank.ShiftedTensorData;
import io.deltapress.format.tensor.Checkpoint;
import io.deltapress.format.tensor.TensorData;
import io.deltapress.format.tensor.TensorDigest;
import io.deltapress.format.tensor.TensorInfo;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/**
 * A foundation with a list of edits on it, computed as it is read. Every shifted weight W is
 *
 * <pre>W' = round_to_dtype(W + acc),   acc = sum over edits in order, over ranks ascending, B·A
 * </pre>
 *
 * in binary64, each product and each sum rounded by itself, and once at the end to the type of the
 * foundation, ties to even. So edits never pile up rounding, and leaving one out is the list
 * without it. A weight laid out [inputs, outputs] gets the transpose. A result that is infinite or
 * not a number is a {@link BadInputException} where it is read.
 *
 * <p>Safe for use by several threads.
 */
public final class EditedCheckpoint implements Checkpoint {
  private final Checkpoint foundation;
  private final SortedMap<String, EditedWeight> weights;
  private final ShiftSource shifts;

  /** Where the sum of a weight comes from. */
  private interface ShiftSource {
    Shift of(EditedWeight weight) throws IOException;
  }

  private EditedCheckpoint(
      Checkpoint foundation, SortedMap<String, EditedWeight> weights, ShiftSource shifts) {
    this.foundation = foundation;
    this.weights = weights;
    this.shifts = shifts;
  }

  /**
   * Puts edits on their foundation, of which every shifted weight is read and checked. Memory holds
   * the factors of one weight at a time.
   *
   * @param foundation stays the caller's, and must stay open as long as the result
   * @param edits in the order of their list, perhaps none; likewise the caller's
   * @throws io.deltapress.format.IntegrityException if the checkpoint is not the foundation of all
   * @throws BadInputException if an edit is given twice
   */
  public static EditedCheckpoint of(Checkpoint foundation, List<EditArtifact> edits)
      throws IOException {
    return of(foundation, Map.of(), edits);
  }

  /**
   * The same where digests of weights are known.
   *
   * @param digests of weights of the foundation, by name, which are believed; others are computed
   */
  public static EditedCheckpoint of(
      Checkpoint foundation, Map<String, TensorDigest> digests, List<EditArtifact> edits)
      throws IOException {
    EditedWeights edited = new EditedWeights();
    for (EditArtifact edit : edits) {
      edited.add(edit);
    }
    edited.requireFoundation(foundation, digests);
    List<EditArtifact> list = List.copyOf(edits);
    return new EditedCheckpoint(foundation, edited.weights(), weight -> update(list, weight));
  }

  /**
   * The same, bit for bit, where the edits' sums are at hand. What is added to them later counts
   * for weights that are opened later.
   */
  public static EditedCheckpoint of(
      Checkpoint foundation, Map<String, TensorDigest> digests, EditAccumulator edits)
      throws IOException {
    edits.edited().requireFoundation(foundation, digests);
    return new EditedCheckpoint(foundation, edits.weights(), weight -> edits.sum(weight.name()));
  }

  private static LowRankUpdate update(List<EditArtifact> edits, EditedWeight weight)
      throws IOException {
    List<LowRankProduct> products = new ArrayList<>();
    for (EditArtifact edit : edits) {
      if (edit.weights().containsKey(weight.name())) {
        products.add(edit.shift(weight.name()).product(weight.orientation()));
      }
    }
    return new LowRankUpdate(products, 1);
  }

  /** The weights that are shifted, by name; unmodifiable. */
  public SortedMap<String, EditedWeight> weights() {
    return weights;
  }

  /** That of the foundation. */
  @Override
  public Path path() {
    return foundation.path();
  }

  /** That of the foundation. */
  @Override
  public Path description() {
    return foundation.description();
  }

  /** Those of the foundation. */
  @Override
  public List<Path> files() {
    return foundation.files();
  }

  @Override
  public SortedMap<String, TensorInfo> tensors() {
    return foundation.tensors();
  }

  @Override
  public Map<String, String> metadata() {
    return foundation.metadata();
  }

  @Override
  public TensorData data(String name) throws IOException {
    TensorData data = foundation.data(name);
    EditedWeight weight = weights.get(name);
    return weight == null
        ? data
        : new ShiftedTensorData(data, shifts.of(weight), element -> notFinite(name, element));
  }

  private void notFinite(String name, long element) throws BadInputException {
    throw BadInputException.of(
        BadInputException.Kind.NON_FINITE,
        path(),
        name,
        "element " + element + " would not be finite; drop the edit that makes it so");
  }

  /** Does nothing: foundation and edits are the caller's. */
  @Override
  public void close() {
    // What this was made of stays open.
  }
}
