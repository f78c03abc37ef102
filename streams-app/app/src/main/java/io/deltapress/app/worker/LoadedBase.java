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
import io.deltapress.schemas.CanaryMetric;
import io.deltapress.schemas.ReasonCode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

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
  private final Map<ScoreKey, CanaryScorer.Score> known = new RecentScores();

  private LoadedBase(NDManager manager, PatchedModel patched, TextTokenizer tokenizer) {
    this.manager = manager;
    this.patched = patched;
    this.tokenizer = tokenizer;
  }

  private record ScoreKey(String weightsDigest, String taskSha256, CanaryMetric metric) {}

  private static final class RecentScores extends LinkedHashMap<ScoreKey, CanaryScorer.Score> {
    private static final long serialVersionUID = 1L;
    private static final int MOST = 256;

    RecentScores() {
      super(MOST, 0.75f, true);
    }

    @Override
    protected boolean removeEldestEntry(Map.Entry<ScoreKey, CanaryScorer.Score> eldest) {
      return size() > MOST;
    }
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
    for (TaskFiles.CanaryFile canary : canaries) {
      if (!known.containsKey(key(weightsDigest, canary))) {
        return false;
      }
    }
    return true;
  }

  /**
   * Scores what is on the base.
   *
   * @param weightsDigest of that, or another name of it that is its own
   */
  CanaryScorer.Score score(
      String weightsDigest, TaskFiles.CanaryFile canary, ProgressListener progress)
      throws IOException, UnmeasurableException {
    CanaryScorer.Score score = known.get(key(weightsDigest, canary));
    if (score == null) {
      score = CanaryScorer.score(patched.model(), tokenizer, canary, progress);
      known.put(key(weightsDigest, canary), score);
    }
    return score;
  }

  private static ScoreKey key(String weightsDigest, TaskFiles.CanaryFile canary) {
    return new ScoreKey(weightsDigest, canary.sha256(), canary.canary().getMetric());
  }

  @Override
  public void close() {
    tokenizer.close();
    patched.close();
    manager.close();
  }
}
