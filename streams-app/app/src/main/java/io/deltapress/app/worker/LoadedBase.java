package io.deltapress.app.worker;

import ai.djl.ndarray.NDManager;
import io.deltapress.djl.memory.TensorRuntime;
import io.deltapress.djl.model.ModelDirectory;
import io.deltapress.djl.model.PatchedModel;
import io.deltapress.djl.model.TextTokenizer;
import io.deltapress.format.BadInputException;
import io.deltapress.format.IntegrityException;
import io.deltapress.format.ProgressListener;
import io.deltapress.format.artifact.DeltaArtifact;
import io.deltapress.format.tensor.Checkpoint;
import io.deltapress.format.tensor.DigestCache;
import io.deltapress.schemas.ReasonCode;
import java.io.IOException;
import java.nio.file.Path;

/**
 * A base that stays loaded, on which fine-tunes and artifacts are put one after the other and taken
 * off again, bit for bit. Scores are remembered by the digest of what was scored, since the rungs
 * of a ladder share those of base and fine-tune.
 *
 * <p><b>Threading notes.</b> Belongs to one slot.
 */
final class LoadedBase implements AutoCloseable {
  private final NDManager manager;
  private final PatchedModel patched;
  private final TextTokenizer tokenizer;
  private final KnownScores known = new KnownScores();

  private LoadedBase(NDManager manager, PatchedModel patched, TextTokenizer tokenizer) {
    this.manager = manager;
    this.patched = patched;
    this.tokenizer = tokenizer;
  }

  /**
   * Loads a base.
   *
   * @throws UnmeasurableException if it is no model that can be run here
   */
  static LoadedBase load(Path directory, DigestCache digests)
      throws IOException, UnmeasurableException {
    NDManager manager = TensorRuntime.newManager();
    try {
      PatchedModel patched = PatchedModel.open(manager, directory, digests);
      return new LoadedBase(manager, patched, ModelDirectory.tokenizer(directory));
    } catch (BadInputException e) {
      manager.close();
      throw new UnmeasurableException("the base cannot be run as a model: " + e.getMessage(), e);
    } catch (IOException | RuntimeException e) {
      manager.close();
      throw e;
    }
  }

  /** Puts a fine-tune on the base, after taking off what was on it. */
  void apply(Checkpoint fineTuned) throws IOException, UnmeasurableException {
    try {
      patched.apply(fineTuned);
    } catch (BadInputException e) {
      throw new UnmeasurableException("the fine-tune does not fit its base: " + e.getMessage(), e);
    }
  }

  /** Puts an artifact on the base, after taking off what was on it. */
  void apply(DeltaArtifact artifact)
      throws IOException, UnmeasurableException, TaskFailedException {
    try {
      patched.apply(artifact);
    } catch (BadInputException e) {
      throw new UnmeasurableException("the artifact does not fit its base: " + e.getMessage(), e);
    } catch (IntegrityException e) {
      // The artifact was made a moment ago for a base that was found to be the named one: what is
      // wrong is on this host, and another try or another worker may do better.
      throw new TaskFailedException(
          ReasonCode.INTEGRITY_MISMATCH,
          "The artifact to measure is not intact: " + e.getMessage());
    }
  }

  /** Takes off what is on the base. */
  void undo() throws IOException {
    patched.undo();
  }

  /** Whether all these scores of those weights are known. */
  boolean knows(String weightsDigest, Iterable<TaskFiles.CanaryFile> canaries) {
    return known.has(weightsDigest, canaries);
  }

  /**
   * Scores what is on the base.
   *
   * @param weightsDigest of that, or another name of it that is its own
   */
  CanaryScorer.Score score(
      String weightsDigest, TaskFiles.CanaryFile canary, ProgressListener progress)
      throws IOException, UnmeasurableException {
    return known.of(
        weightsDigest,
        canary,
        () -> CanaryScorer.score(patched.model(), tokenizer, canary, progress));
  }

  @Override
  public void close() {
    tokenizer.close();
    patched.close();
    manager.close();
  }
}
