package io.deltapress.format.edit;

import io.deltapress.format.ProgressListener;
import io.deltapress.format.artifact.AppliedCheckpoint;
import io.deltapress.format.artifact.DeltaArtifact;
import io.deltapress.format.lora.FactorArtifact;
import io.deltapress.format.tensor.Checkpoint;
import io.deltapress.format.tensor.DigestCache;
import io.deltapress.format.tensor.TensorDigest;
import io.deltapress.format.tensor.WeightsDigest;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;

/**
 * What edits are put on: a base, or a base with a delta applied.
 *
 * @param checkpoint its weights
 * @param digests of all its tensors, by name; unmodifiable
 */
public record Foundation(Checkpoint checkpoint, SortedMap<String, TensorDigest> digests) {

  public Foundation {
    digests = Collections.unmodifiableSortedMap(digests);
  }

  /**
   * A base without a delta.
   *
   * @param base stays the caller's, and must stay open as long as this is used
   * @param cache where its checksums are looked up
   * @param progress told of its bytes while they are digested
   */
  public static Foundation of(Checkpoint base, DigestCache cache, ProgressListener progress)
      throws IOException {
    return new Foundation(base, cache.digests(base, progress));
  }

  /**
   * A base with a delta, applied as it is read.
   *
   * @param base as in {@link #of(Checkpoint, DigestCache, ProgressListener)}
   * @param delta an artifact of weights, likewise the caller's
   * @throws io.deltapress.format.IntegrityException if the artifact is damaged or the base is not
   *     its parent
   * @throws io.deltapress.format.BadInputException if it is one of an adapter's factors
   */
  public static Foundation of(Checkpoint base, DeltaArtifact delta, DigestCache cache)
      throws IOException {
    FactorArtifact.requireNone(delta);
    AppliedCheckpoint applied = AppliedCheckpoint.of(base, delta, cache);
    return new Foundation(applied, applied.digests());
  }

  /** What identifies it. */
  public WeightsDigest digest() {
    return WeightsDigest.of(digests.values());
  }

  /** The foundation with edits on it; see {@link EditedCheckpoint#of(Checkpoint, List)}. */
  public EditedCheckpoint with(List<EditArtifact> edits) throws IOException {
    return EditedCheckpoint.of(checkpoint, digests, edits);
  }
}
