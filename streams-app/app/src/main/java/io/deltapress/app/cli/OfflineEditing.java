package io.deltapress.app.cli;

import ai.djl.ndarray.NDManager;
import io.deltapress.djl.edit.ComputedEdit;
import io.deltapress.djl.edit.EditMeasure;
import io.deltapress.djl.edit.EditRequest;
import io.deltapress.djl.edit.EditScores;
import io.deltapress.djl.edit.EditableModel;
import io.deltapress.djl.edit.Editor;
import io.deltapress.djl.edit.Editors;
import io.deltapress.djl.memory.TensorRuntime;
import io.deltapress.format.BadInputException;
import io.deltapress.format.artifact.DeltaArtifact;
import io.deltapress.format.artifact.SealedFile;
import io.deltapress.format.edit.EditArtifact;
import io.deltapress.format.edit.EditArtifactWriter;
import io.deltapress.format.edit.EditIdentity;
import io.deltapress.format.edit.EditedWeight;
import io.deltapress.format.edit.LowRankShift;
import io.deltapress.format.tensor.Destination;
import io.deltapress.format.tensor.WeightsDigest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A model that an editor works on while {@code edit} runs. Belongs to one thread. */
final class OfflineEditing implements AutoCloseable {
  private final EditedVersion version;
  private final WeightsDigest foundation;
  private final NDManager manager;
  private final EditableModel model;
  private final Editor editor;

  private OfflineEditing(
      EditedVersion version, NDManager manager, EditableModel model, Editor editor) {
    this.version = version;
    this.foundation = version.foundation().digest();
    this.manager = manager;
    this.model = model;
    this.editor = editor;
  }

  /** What came of a request, and how the model does on it before and after all of them. */
  record Measured(ComputedEdit edit, EditScores before, EditScores after) {}

  /** An artifact that was written. */
  record Written(Path file, String sha256, long bytes) {}

  /**
   * Loads a model, with its delta and the edits that are on it.
   *
   * @param version stays the caller's
   * @param delta its delta, if it has one
   * @param editor what to open, as {@link Editors#open} takes it
   */
  static OfflineEditing begin(
      Weights weights, EditedVersion version, @Nullable Path delta, String editor)
      throws IOException {
    // Checks that the edits belong to this foundation.
    version.foundation().with(version.edits());
    NDManager manager = TensorRuntime.newManager();
    boolean done = false;
    try {
      EditableModel model = EditableModel.open(manager, version.base().path(), weights.cache());
      if (delta != null) {
        try (DeltaArtifact artifact = DeltaArtifact.open(delta)) {
          model.useFoundation(artifact);
        }
      }
      for (EditArtifact edit : version.edits()) {
        model.putOn(edit.editId(), edit.shifts().values());
      }
      OfflineEditing editing =
          new OfflineEditing(version, manager, model, Editors.open(editor, model));
      done = true;
      return editing;
    } finally {
      if (!done) {
        manager.close();
      }
    }
  }

  String method() {
    return editor.method();
  }

  WeightsDigest foundation() {
    return foundation;
  }

  List<String> live() {
    return version.editIds();
  }

  /** Goes on with what the editor learned, if it did. */
  void goOnWith(Path state) throws IOException {
    if (Files.exists(state)) {
      editor.restoreState(state);
    }
  }

  void saveState(Path state) throws IOException {
    editor.saveState(state);
  }

  /**
   * Computes edits and puts them on, batch by batch.
   *
   * @param progress told of requests
   */
  List<Measured> edit(List<EditRequest> requests, int batchSize, Progress progress)
      throws IOException {
    for (EditRequest request : requests) {
      requireUsable(request);
      if (live().contains(request.id())) {
        throw new BadInputException(
            "edit %s is on the model already; give the request another id"
                .formatted(BadInputException.quote(request.id())));
      }
    }
    EditMeasure measure = new EditMeasure(model, requests);
    List<ComputedEdit> computed = new ArrayList<>();
    for (int from = 0; from < requests.size(); from += batchSize) {
      List<EditRequest> batch = requests.subList(from, Math.min(requests.size(), from + batchSize));
      List<ComputedEdit> edits =
          editor.edit(model, batch, (edit, done, total) -> progress.advanced(1));
      for (ComputedEdit edit : edits) {
        model.putOn(edit);
      }
      computed.addAll(edits);
    }
    List<EditScores> after = measure.after();
    List<Measured> measured = new ArrayList<>();
    for (int i = 0; i < computed.size(); i++) {
      measured.add(new Measured(computed.get(i), measure.before().get(i), after.get(i)));
    }
    return measured;
  }

  private static void requireUsable(EditRequest request) throws BadInputException {
    if (!EditIdentity.isEditId(request.id())) {
      throw new BadInputException(
          "request id %s cannot name an artifact: 1 to 128 of A-Z a-z 0-9 . _ : - are allowed"
              .formatted(BadInputException.quote(request.id())));
    }
  }

  /**
   * Writes an artifact per edit.
   *
   * @param out a file for a single edit, or a directory, in which names tell the order
   */
  List<Written> write(Path out, List<Measured> measured) throws IOException {
    if (out.toString().endsWith(EditedVersion.SUFFIX)) {
      return List.of(write(out, out, measured.get(0).edit()));
    }
    List<Written> written = new ArrayList<>();
    try (Destination destination = Destination.directory(out)) {
      for (Measured one : measured) {
        String name =
            "%06d-%s%s"
                .formatted(
                    written.size() + 1,
                    one.edit().request().id().replace(':', '_'),
                    EditedVersion.SUFFIX);
        written.add(write(destination.resolve(name), out.resolve(name), one.edit()));
      }
      destination.commit();
    }
    return written;
  }

  private Written write(Path file, Path later, ComputedEdit edit) throws IOException {
    Map<String, EditedWeight> weights = new HashMap<>();
    for (LowRankShift shift : edit.shifts()) {
      weights.put(
          shift.weight(),
          new EditedWeight(
              version.foundation().digests().get(shift.weight()),
              model.layer(shift.weight()).orientation()));
    }
    SealedFile.Written sealed =
        EditArtifactWriter.write(
            file,
            EditIdentity.of(edit.request().id(), foundation, editor.method()),
            weights,
            edit.shifts());
    return new Written(later, sealed.sha256(), sealed.bytes());
  }

  @Override
  public void close() {
    editor.close();
    model.close();
    manager.close();
  }
}
