package io.deltapress.djl.edit;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.deltapress.djl.model.LinearLayer;
import io.deltapress.djl.model.ModelDirectory;
import io.deltapress.djl.model.PatchedModel;
import io.deltapress.djl.model.TextTokenizer;
import io.deltapress.djl.model.TransformerModel;
import io.deltapress.format.BadInputException;
import io.deltapress.format.artifact.DeltaArtifact;
import io.deltapress.format.edit.LowRankShift;
import io.deltapress.format.tensor.Checkpoint;
import io.deltapress.format.tensor.DigestCache;
import io.deltapress.format.tensor.WeightsDigest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A loaded model that edits are put on and taken off: a foundation (a base, with a delta or not)
 * and an ordered list of live edits, computed in float32.
 *
 * <p>A weight is always what {@link EditedWeight} says of the foundation's and the list, to the
 * bit, whichever way the list came about. Belongs to one thread at a time.
 */
public final class EditableModel implements AutoCloseable {

  private final Path base;
  private final PatchedModel patched;
  private final DigestCache digests;
  private final TextTokenizer tokenizer;
  private final Map<String, LinearLayer> layers = new LinkedHashMap<>();
  private final Map<String, List<LowRankShift>> edits = new LinkedHashMap<>();
  private final SortedMap<String, EditedWeight> edited = new TreeMap<>();

  private EditableModel(
      Path base, PatchedModel patched, DigestCache digests, TextTokenizer tokenizer) {
    this.base = base;
    this.patched = patched;
    this.digests = digests;
    this.tokenizer = tokenizer;
    model().linearLayers().forEach(layer -> layers.put(layer.weight(), layer));
  }

  /**
   * Loads a base as a foundation.
   *
   * @param manager whose device is used, and which closes the model at the latest
   * @param base a Hugging Face directory
   * @param digests where checksums of the base are looked up
   * @return the model without edits, closed by the caller
   * @throws BadInputException when the model is unusable
   * @throws IOException when a file cannot be read
   */
  public static EditableModel open(NDManager manager, Path base, DigestCache digests)
      throws IOException {
    TextTokenizer tokenizer = ModelDirectory.tokenizer(base);
    try {
      return new EditableModel(base, PatchedModel.open(manager, base, digests), digests, tokenizer);
    } catch (IOException | RuntimeException e) {
      tokenizer.close();
      throw e;
    }
  }

  /**
   * Loads a base as a foundation.
   *
   * @param manager as in {@link #open(NDManager, Path, DigestCache)}
   * @param base a Hugging Face directory
   * @return the model without edits, closed by the caller
   * @throws IOException as in {@link #open(NDManager, Path, DigestCache)}
   */
  public static EditableModel open(NDManager manager, Path base) throws IOException {
    return open(manager, base, DigestCache.standard());
  }

  /**
   * Makes base and delta the foundation, without any edit.
   *
   * @param delta an artifact whose parent is the base; stays the caller's
   * @throws BadInputException when it does not fit this model
   * @throws io.deltapress.format.IntegrityException when it is damaged or has another parent
   * @throws IOException when a file cannot be read
   */
  public void useFoundation(DeltaArtifact delta) throws IOException {
    takeOffAll();
    edited.clear();
    patched.apply(delta);
  }

  /**
   * Makes a checkpoint with the base's tensors the foundation, without any edit.
   *
   * @param foundation stays the caller's
   * @throws BadInputException when it does not fit this model
   * @throws IOException when a file cannot be read
   */
  public void useFoundation(Checkpoint foundation) throws IOException {
    takeOffAll();
    edited.clear();
    patched.apply(foundation);
  }

  /**
   * Makes the base the foundation again, without any edit.
   *
   * @throws IOException when the base cannot be read
   */
  public void useBase() throws IOException {
    takeOffAll();
    edited.clear();
    patched.undo();
  }

  /**
   * Gives the model with the edits that are on it at the time.
   *
   * @return the model, closed with this; its linear layers' weights are written by this only
   */
  public TransformerModel model() {
    return patched.model();
  }

  /**
   * Gives the model's tokenizer.
   *
   * @return the tokenizer, closed with this
   */
  public TextTokenizer tokenizer() {
    return tokenizer;
  }

  /**
   * Says where the base is.
   *
   * @return a Hugging Face directory
   */
  public Path base() {
    return base;
  }

  /**
   * Identifies the base, whatever the foundation adds to it.
   *
   * @return digest of its weights
   * @throws IOException when they cannot be read
   */
  public WeightsDigest baseDigest() throws IOException {
    return patched.baseDigest(digests);
  }

  /**
   * Finds a layer by its weight.
   *
   * @param weight name of a matrix
   * @return the layer
   * @throws IllegalArgumentException when no linear layer of the blocks has that weight
   */
  public LinearLayer layer(String weight) {
    LinearLayer layer = layers.get(weight);
    if (layer == null) {
      throw new IllegalArgumentException("the model has no linear layer with weight " + weight);
    }
    return layer;
  }

  /**
   * Lists the edits that are on the model.
   *
   * @return ids in the order in which they were put on; unmodifiable
   */
  public List<String> live() {
    return List.copyOf(edits.keySet());
  }

  /**
   * Gives what an edit adds.
   *
   * @param editId an edit that is on the model
   * @return its shifts, as they were put on; unmodifiable
   * @throws IllegalArgumentException when it is not
   */
  public List<LowRankShift> shifts(String editId) {
    List<LowRankShift> shifts = edits.get(editId);
    if (shifts == null) {
      throw notOn(editId);
    }
    return shifts;
  }

  private static IllegalArgumentException notOn(String editId) {
    return new IllegalArgumentException("edit '%s' is not on the model".formatted(editId));
  }

  /**
   * Puts an edit on, behind those that are on already.
   *
   * @param edit what was computed
   * @throws BadInputException as in {@link #putOn(String, Collection)}
   * @throws IOException when the foundation cannot be read
   */
  public void putOn(ComputedEdit edit) throws IOException {
    putOn(edit.request().id(), edit.shifts());
  }

  /**
   * Puts an edit on, behind those that are on already. When this fails, the model is as it was.
   *
   * @param editId tells the edit from others
   * @param shifts at most one per weight; none for an edit that was true already
   * @throws BadInputException when a weight is none of this model's, has another shape, or would
   *     become infinite
   * @throws IllegalArgumentException when an edit of this id is on already
   * @throws IOException when the foundation cannot be read
   */
  public void putOn(String editId, Collection<LowRankShift> shifts) throws IOException {
    if (edits.containsKey(editId)) {
      throw new IllegalArgumentException("edit '%s' is on the model already".formatted(editId));
    }
    for (LowRankShift shift : shifts) {
      requireFit(editId, shift);
    }
    edits.put(editId, List.copyOf(shifts));
    try {
      for (LowRankShift shift : shifts) {
        weight(shift.weight()).add(editId, shift);
      }
    } catch (IOException | RuntimeException e) {
      takeOff(editId);
      throw e;
    }
  }

  private void requireFit(String editId, LowRankShift shift) throws BadInputException {
    LinearLayer layer = layers.get(shift.weight());
    if (layer == null) {
      throw new BadInputException(
          "edit %s: tensor %s: no linear layer of this model; give the model the edit was made for"
              .formatted(quote(editId), quote(shift.weight())));
    }
    Shape matrix = model().weights().get(shift.weight()).getShape();
    if (layer.inputs(matrix) != shift.inputs() || layer.outputs(matrix) != shift.outputs()) {
      throw new BadInputException(
          "edit %s: tensor %s: shifts [%d, %d], the layer is [%d, %d]; give the model the edit was"
                  .formatted(
                      quote(editId),
                      quote(shift.weight()),
                      shift.outputs(),
                      shift.inputs(),
                      layer.outputs(matrix),
                      layer.inputs(matrix))
              + " made for");
    }
  }

  private static String quote(String text) {
    return BadInputException.quote(text);
  }

  private EditedWeight weight(String name) {
    return edited.computeIfAbsent(
        name,
        weight -> EditedWeight.of(model().weights(), layer(weight), patched.info(weight).dtype()));
  }

  /**
   * Takes an edit off; the others stay, in their order, and the weights are what they would be if
   * it had never been on.
   *
   * @param editId an edit that is on the model
   * @throws IllegalArgumentException when it is not
   */
  public void takeOff(String editId) {
    List<LowRankShift> gone = edits.remove(editId);
    if (gone == null) {
      throw notOn(editId);
    }
    for (LowRankShift shift : gone) {
      @Nullable EditedWeight weight = edited.get(shift.weight());
      if (weight != null) {
        weight.remove(editId);
      }
    }
  }

  /** Takes all edits off; the weights are the foundation's again, bit for bit. */
  public void takeOffAll() {
    edits.clear();
    edited.values().forEach(EditedWeight::clear);
  }

  @Override
  public void close() {
    patched.close();
    tokenizer.close();
  }
}
