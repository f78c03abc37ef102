package io.deltapress.app.worker;

import ai.djl.ndarray.NDManager;
import io.deltapress.djl.edit.ComputedEdit;
import io.deltapress.djl.edit.EditableModel;
import io.deltapress.djl.edit.Editor;
import io.deltapress.djl.evaluate.Task;
import io.deltapress.djl.evaluate.TaskFile;
import io.deltapress.djl.memory.TensorRuntime;
import io.deltapress.djl.model.TransformerModel;
import io.deltapress.format.BadInputException;
import io.deltapress.format.IntegrityException;
import io.deltapress.format.ProgressListener;
import io.deltapress.format.edit.EditArtifact;
import io.deltapress.format.edit.EditedWeight;
import io.deltapress.format.tensor.Checkpoint;
import io.deltapress.format.tensor.DigestCache;
import io.deltapress.format.tensor.TensorDigest;
import io.deltapress.format.tensor.WeightsDigest;
import io.deltapress.schemas.EditEntry;
import io.deltapress.schemas.ReasonCode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/**
 * A model that stays loaded from one run of edits to the next, with the edits on it that were on it
 * last: mostly the next run needs them too. Keeps no text of any request.
 *
 * <p><b>Threading notes.</b> Belongs to one slot.
 */
final class EditedModel implements AutoCloseable {
  private final NDManager manager;
  private final EditableModel model;
  private final SortedMap<String, TensorDigest> tensors;
  private final WeightsDigest foundation;
  private final KnownScores known = new KnownScores();
  private final Map<String, Editor> editors = new HashMap<>();
  private final Map<String, String> digestOfEdit = new LinkedHashMap<>();

  private EditedModel(
      NDManager manager, EditableModel model, SortedMap<String, TensorDigest> tensors) {
    this.manager = manager;
    this.model = model;
    this.tensors = tensors;
    this.foundation = WeightsDigest.of(tensors.values());
  }

  /**
   * Loads base and delta, without any edit.
   *
   * @param delta stays the caller's
   * @throws UnmeasurableException if that is no model that can be run here
   * @throws TaskFailedException if the delta is not intact
   */
  static EditedModel load(
      Checkpoint base, FetchedDelta delta, DigestCache digests, ProgressListener progress)
      throws IOException, UnmeasurableException, TaskFailedException {
    NDManager manager = TensorRuntime.newManager();
    boolean done = false;
    try {
      EditableModel model = EditableModel.open(manager, base.path(), digests);
      if (delta.artifact() != null) {
        model.useFoundation(delta.artifact());
      }
      EditedModel loaded =
          new EditedModel(manager, model, delta.on(base, digests, progress).digests());
      done = true;
      return loaded;
    } catch (BadInputException e) {
      throw new UnmeasurableException("the version cannot be run as a model: " + e.getMessage(), e);
    } catch (IntegrityException e) {
      throw new TaskFailedException(
          ReasonCode.INTEGRITY_MISMATCH, "The delta to edit is not intact: " + e.getMessage());
    } finally {
      if (!done) {
        manager.close();
      }
    }
  }

  /** Digest of base and delta, without any edit. */
  WeightsDigest foundation() {
    return foundation;
  }

  EditableModel model() {
    return model;
  }

  TransformerModel transformer() {
    return model.model();
  }

  /** Opens the artifact of a live edit, where it must be fetched. */
  @FunctionalInterface
  interface Opening {
    /** The artifact, closed by whoever asked. */
    EditArtifact open(EditEntry entry)
        throws IOException, InterruptedException, TaskFailedException;
  }

  /**
   * Puts a list of edits on, and takes off what else is on; what is there already stays.
   *
   * @throws TaskFailedException if an artifact is not of this foundation and edit
   */
  void serve(List<EditEntry> live, Opening opening)
      throws IOException, InterruptedException, TaskFailedException {
    Map<String, String> wanted = new LinkedHashMap<>();
    live.forEach(entry -> wanted.put(entry.getEditId(), entry.getArtifact().getSha256()));
    for (Map.Entry<String, String> present : List.copyOf(digestOfEdit.entrySet())) {
      if (!present.getValue().equals(wanted.get(present.getKey()))) {
        takeOff(present.getKey());
      }
    }
    List<String> present = List.copyOf(digestOfEdit.keySet());
    // Sums depend on the order of what is added.
    if (!present.equals(List.copyOf(wanted.keySet()).subList(0, present.size()))) {
      takeOffAll();
    }
    for (EditEntry entry : live.subList(digestOfEdit.size(), live.size())) {
      putOn(entry, opening);
    }
  }

  private void putOn(EditEntry entry, Opening opening)
      throws IOException, InterruptedException, TaskFailedException {
    try (EditArtifact artifact = opening.open(entry)) {
      if (!artifact.editId().equals(entry.getEditId()) || !artifact.parent().equals(foundation)) {
        throw new TaskFailedException(
            ReasonCode.INTEGRITY_MISMATCH,
            "The artifact of edit %s is that of edit %s on %s, and the version is %s"
                .formatted(entry.getEditId(), artifact.editId(), artifact.parent(), foundation));
      }
      model.putOn(entry.getEditId(), artifact.shifts().values());
      digestOfEdit.put(entry.getEditId(), artifact.sha256());
    } catch (BadInputException | IntegrityException e) {
      throw new TaskFailedException(
          ReasonCode.INTEGRITY_MISMATCH,
          "The artifact of edit %s cannot be used: %s"
              .formatted(entry.getEditId(), e.getMessage()));
    }
  }

  /**
   * Puts a new edit on, behind the others.
   *
   * @throws BadInputException if a weight would no longer be finite; the model is as it was then
   */
  void putOn(ComputedEdit edit) throws IOException {
    model.putOn(edit);
    digestOfEdit.put(edit.request().id(), "");
  }

  /** Says what the artifact of a new edit is called, so that the next run need not fetch it. */
  void written(String editId, String sha256) {
    digestOfEdit.replace(editId, sha256);
  }

  void takeOff(String editId) {
    model.takeOff(editId);
    digestOfEdit.remove(editId);
  }

  private void takeOffAll() {
    model.takeOffAll();
    digestOfEdit.clear();
  }

  /** Opens editors. */
  @FunctionalInterface
  interface EditorSource {
    /** As {@link io.deltapress.djl.edit.Editors#open(String, List, EditableModel)} does. */
    Editor open(String spec, List<Task> preserved, EditableModel model) throws IOException;
  }

  /**
   * The editor of that name, with what it has learned of this model.
   *
   * @param spec a name or a directory
   * @param preserved task file of what it is to go on knowing; null for nothing
   * @throws BadInputException if there is none, it was trained on another base, or the file cannot
   *     be read
   */
  Editor editor(String spec, @Nullable Path preserved, EditorSource source) throws IOException {
    String key = spec + " " + preserved;
    Editor editor = editors.get(key);
    if (editor == null) {
      List<Task> tasks = preserved == null ? List.of() : TaskFile.read(preserved);
      editor = source.open(spec, tasks, model);
      editors.put(key, editor);
    }
    return editor;
  }

  /** What is shifted, as the foundation has it. */
  Map<String, EditedWeight> weightsOf(ComputedEdit edit) {
    Map<String, EditedWeight> weights = new HashMap<>();
    edit.shifts()
        .forEach(
            shift ->
                weights.put(
                    shift.weight(),
                    new EditedWeight(
                        tensors.get(shift.weight()), model.layer(shift.weight()).orientation())));
    return weights;
  }

  /** Scores the foundation; takes all edits off unless the scores are known. */
  List<CanaryScorer.Score> scoreFoundation(
      List<TaskFiles.CanaryFile> canaries, ProgressListener progress)
      throws IOException, UnmeasurableException {
    String weights = foundation.hex();
    if (!known.has(weights, canaries)) {
      takeOffAll();
    }
    List<CanaryScorer.Score> scores = new ArrayList<>();
    for (TaskFiles.CanaryFile canary : canaries) {
      scores.add(known.of(weights, canary, () -> score(canary, progress)));
    }
    return scores;
  }

  /** Scores what is on the model now. */
  CanaryScorer.Score score(TaskFiles.CanaryFile canary, ProgressListener progress)
      throws IOException, UnmeasurableException {
    return CanaryScorer.score(transformer(), model.tokenizer(), canary, progress);
  }

  @Override
  public void close() {
    editors.values().forEach(Editor::close);
    model.close();
    manager.close();
  }
}
