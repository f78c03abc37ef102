package io.deltapress.format.artifact;

import java.util.List;

/**
 * What one shard of an artifact is made of.
 *
 * @param index from 0
 * @param tensors names of tensors of the fine-tune, sorted
 * @param baseBytes bytes to read of the base; of the fine-tune where the base has no such tensor
 * @param parameters elements of the tensors
 * @param estimatedArtifactBytes about how large the shard becomes; tensors that are carried whole
 *     count in full although equal ones will be left out
 */
public record ShardPlan(
    int index, List<String> tensors, long baseBytes, long parameters, long estimatedArtifactBytes) {

  public ShardPlan {
    tensors = List.copyOf(tensors);
  }

  /** This shard as one of so many. */
  public ShardScope of(int shards) {
    return new ShardScope(index, shards, tensors);
  }
}
