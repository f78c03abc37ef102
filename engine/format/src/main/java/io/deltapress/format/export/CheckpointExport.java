package io.deltapress.format.export;

import io.deltapress.format.BadInputException;
import io.deltapress.format.ProgressListener;
import io.deltapress.format.artifact.ApplySummary;
import io.deltapress.format.artifact.DeltaApplier;
import io.deltapress.format.artifact.DeltaArtifact;
import io.deltapress.format.tensor.Checkpoint;
import io.deltapress.format.tensor.DigestCache;
import java.io.IOException;
import java.nio.file.Path;

/**
 * A full checkpoint as a Hugging Face directory: weights, configuration and tokenizer, for engines
 * that load nothing else.
 */
public final class CheckpointExport {
  private final DeltaApplier applier;

  /**
   * @param cache where checksums of bases are looked up
   */
  public CheckpointExport(DigestCache cache) {
    this.applier = new DeltaApplier(cache);
  }

  /**
   * Writes the result of an artifact.
   *
   * @param directory where to; absent or empty
   * @param progress told of bytes of the base
   * @throws BadInputException if the target is a file or not empty, or the artifact breaks a rule
   * @throws io.deltapress.format.IntegrityException if anything is not as promised; nothing is left
   *     behind
   */
  public ApplySummary export(
      Checkpoint base, DeltaArtifact artifact, Path directory, ProgressListener progress)
      throws IOException {
    requireDirectory(directory);
    return applier.apply(base, artifact, directory, progress);
  }

  /**
   * Checks that a target is not named as a file.
   *
   * @throws BadInputException if it is
   */
  public static void requireDirectory(Path directory) throws BadInputException {
    if (directory.toString().endsWith(".safetensors")) {
      throw BadInputException.of(
          directory, "names a file; a checkpoint is exported as a directory");
    }
  }
}
