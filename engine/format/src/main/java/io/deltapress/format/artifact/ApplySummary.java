package io.deltapress.format.artifact;

import io.deltapress.format.tensor.WeightsDigest;

/**
 * What came of applying an artifact.
 *
 * @param direction whether the artifact was applied or undone
 * @param artifact content address of the artifact
 * @param from weights digest of what it was applied to
 * @param result weights digest of what came of it
 * @param pruned tensors of which some values were changed
 * @param replaced tensors replaced or added
 * @param removed tensors taken away
 * @param resultBytes bytes of all tensors of the result
 */
public record ApplySummary(
    Direction direction,
    ArtifactDigest artifact,
    WeightsDigest from,
    WeightsDigest result,
    int pruned,
    int replaced,
    int removed,
    long resultBytes) {

  /** Which way an artifact went. */
  public enum Direction {
    /** From the parent to the result. */
    APPLIED,
    /** From the result back to the parent. */
    UNDONE
  }
}
