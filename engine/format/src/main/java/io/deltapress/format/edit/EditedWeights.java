package io.deltapress.format.edit;

import io.deltapress.format.BadInputException;
import io.deltapress.format.IntegrityException;
import io.deltapress.format.ProgressListener;
import io.deltapress.format.tensor.Checkpoint;
import io.deltapress.format.tensor.TensorDigest;
import io.deltapress.format.tensor.WeightsDigest;
import java.io.IOException;
import java.util.Collections;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What edits of one foundation shift, gathered edit by edit, each found to belong to the others.
 * Not safe for use by several threads.
 */
final class EditedWeights {
  private final SortedMap<String, EditedWeight> weights = new TreeMap<>();
  private final Set<String> editIds = new HashSet<>();
  private @Nullable WeightsDigest parent;

  /**
   * Takes in one more edit.
   *
   * @throws IntegrityException if it was made for another foundation than the others
   * @throws BadInputException if it is among them already
   */
  void add(EditArtifact edit) throws IOException {
    if (parent != null && !parent.equals(edit.parent())) {
      throw new IntegrityException(
          edit.path()
              + ": was made for the weights "
              + edit.parent()
              + ", the edits before it for "
              + parent
              + "; edits of one version share their foundation");
    }
    for (EditedWeight weight : edit.weights().values()) {
      EditedWeight other = weights.get(weight.name());
      if (other != null && !other.equals(weight)) {
        throw new IntegrityException(
            edit.path()
                + ": tensor "
                + BadInputException.quote(weight.name())
                + ": is described differently by an edit before it; compute it again");
      }
    }
    if (!editIds.add(edit.editId())) {
      throw BadInputException.of(
          edit.path(),
          "edit " + BadInputException.quote(edit.editId()) + " is given twice; name each once");
    }
    weights.putAll(edit.weights());
    parent = edit.parent();
  }

  SortedMap<String, EditedWeight> weights() {
    return Collections.unmodifiableSortedMap(weights);
  }

  /**
   * Checks that a checkpoint is the foundation, as far as it is shifted.
   *
   * @param known digests that need not be computed, by name
   * @throws IntegrityException if it is another
   */
  void requireFoundation(Checkpoint foundation, Map<String, TensorDigest> known)
      throws IOException {
    requireLayout(foundation);
    for (EditedWeight weight : weights.values()) {
      if (!digest(foundation, known, weight.name()).equals(weight.foundation())) {
        throw another(foundation, weight);
      }
    }
  }

  /**
   * Checks that a checkpoint has the weights with their types and shapes, without reading them.
   *
   * @throws IntegrityException if it has not
   */
  void requireLayout(Checkpoint foundation) throws IntegrityException {
    for (EditedWeight weight : weights.values()) {
      if (!weight.foundation().info().equals(foundation.tensors().get(weight.name()))) {
        throw another(foundation, weight);
      }
    }
  }

  private IntegrityException another(Checkpoint foundation, EditedWeight weight) {
    return new IntegrityException(
        foundation.path()
            + ": tensor "
            + BadInputException.quote(weight.name())
            + ": is not that of the edits' foundation, which has the weights digest "
            + parent
            + "; use the base and delta for which they were computed");
  }

  private static TensorDigest digest(
      Checkpoint foundation, Map<String, TensorDigest> known, String name) throws IOException {
    TensorDigest digest = known.get(name);
    return digest == null
        ? TensorDigest.of(foundation.data(name), ProgressListener.none())
        : digest;
  }
}
