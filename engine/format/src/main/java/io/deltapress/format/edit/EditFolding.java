package io.deltapress.format.edit;

import io.deltapress.format.ProgressListener;
import io.deltapress.format.artifact.CompressionSettings;
import io.deltapress.format.artifact.CompressionSummary;
import io.deltapress.format.artifact.DeltaCompressor;
import io.deltapress.format.artifact.Method;
import io.deltapress.format.artifact.Notes;
import io.deltapress.format.tensor.Checkpoint;
import io.deltapress.format.tensor.DigestCache;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Folds edits into a delta: the artifact of exact values that turns the base into the foundation
 * with the edits on it, bit for bit. It keeps what differs from the base and nothing else, so a
 * pruned delta below the edits stays as sparse as it was.
 */
public final class EditFolding {
  /** Key of the note with the ids of the folded edits, a line each. */
  public static final String NOTE = "folded-edits";

  private EditFolding() {}

  /**
   * How such an artifact is made of any fine-tune: nothing dropped, nothing rescaled, every tensor.
   *
   * @param edits that are folded; where their ids are too long for a note it says how many
   */
  public static CompressionSettings settings(List<EditArtifact> edits) {
    String ids = edits.stream().map(EditArtifact::editId).collect(Collectors.joining("\n"));
    return CompressionSettings.builder(Method.MAGNITUDE, 0)
        .rescale(1)
        .include(List.of("*"))
        .note(NOTE, ids.length() > Notes.MAX_CHARACTERS ? edits.size() + " edits" : ids)
        .build();
  }

  /**
   * Folds edits.
   *
   * @param base what the artifact is to be applied to
   * @param foundation that base, with a delta or without
   * @param edits in the order of their list
   * @param out as {@link DeltaCompressor#compress} takes it
   * @param shardBytes likewise
   * @param progress likewise
   * @throws io.deltapress.format.IntegrityException if the edits are of another foundation
   * @throws io.deltapress.format.BadInputException if a result is not finite
   */
  public static CompressionSummary fold(
      Checkpoint base,
      Foundation foundation,
      List<EditArtifact> edits,
      Path out,
      long shardBytes,
      DigestCache cache,
      ProgressListener progress)
      throws IOException {
    return new DeltaCompressor(cache)
        .compress(base, foundation.with(edits), settings(edits), out, shardBytes, progress);
  }
}
