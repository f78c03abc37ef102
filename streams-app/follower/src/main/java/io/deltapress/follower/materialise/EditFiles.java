package io.deltapress.follower.materialise;

import io.deltapress.format.BadInputException;
import io.deltapress.format.ProgressListener;
import io.deltapress.format.edit.EditAdapter;
import io.deltapress.format.edit.EditApplier;
import io.deltapress.format.edit.Foundation;
import io.deltapress.format.export.OverwritePatch;
import io.deltapress.format.tensor.Checkpoint;
import io.deltapress.format.tensor.Checkpoints;
import io.deltapress.format.tensor.DigestCache;
import io.deltapress.schemas.ModelVersion;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes the edits of versions beside their foundation, in the form that was asked for. */
final class EditFiles {
  private static final Logger LOGGER = LoggerFactory.getLogger(EditFiles.class);

  private final EditForm form;
  private final DigestCache digests;
  private final ProgressListener progress;

  /**
   * @param digests where checksums of foundations are looked up
   * @param progress told of bytes of foundations, by forms that read them
   */
  EditFiles(EditForm form, DigestCache digests, ProgressListener progress) {
    this.form = form;
    this.digests = digests;
    this.progress = progress;
  }

  EditForm form() {
    return form;
  }

  /**
   * Writes them.
   *
   * @param layout has the foundation already, whose weights digest is that of the edits' parent
   * @param edits shift something
   * @return weights digest of the checkpoint that was written, if one was
   * @throws io.deltapress.format.FormatException if the edits do not fit the foundation
   */
  Optional<String> write(ModelVersion version, VersionLayout layout, OpenEdits edits)
      throws IOException {
    try (Checkpoint foundation = Checkpoints.open(layout.foundation())) {
      switch (form) {
        case PEFT_LORA -> {
          return writeAdapter(version, foundation, layout, edits);
        }
        case OVERWRITE_PATCH -> {
          OverwritePatch.export(
              foundation,
              edits.list().get(0).parent(),
              Map.of(),
              edits.list(),
              layout.editPatch(),
              progress);
          return Optional.empty();
        }
        default -> {
          return writeCheckpoint(foundation, layout, edits);
        }
      }
    }
  }

  /** Not everything can be said in an adapter; then the edits go into a checkpoint. */
  private Optional<String> writeAdapter(
      ModelVersion version, Checkpoint foundation, VersionLayout layout, OpenEdits edits)
      throws IOException {
    try {
      EditAdapter.export(foundation, version.getBaseName(), edits.list(), layout.adapter());
      return Optional.empty();
    } catch (BadInputException e) {
      LOGGER.warn(
          "Version {} of {}/{} has its edits in a checkpoint: {}",
          version.getVersion(),
          version.getTenant(),
          version.getModel(),
          e.getMessage());
      return writeCheckpoint(foundation, layout, edits);
    }
  }

  private Optional<String> writeCheckpoint(
      Checkpoint foundation, VersionLayout layout, OpenEdits edits) throws IOException {
    Foundation digested = Foundation.of(foundation, digests, progress);
    return Optional.of(
        EditApplier.apply(digested, edits.list(), layout.checkpoint(), progress).result().hex());
  }
}
