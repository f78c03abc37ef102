package io.deltapress.format.artifact;

import java.util.List;

/**
 * Which shard of an artifact.
 *
 * @param index from 0
 * @param shards how many the artifact has
 * @param tensors names of the tensors of the fine-tune that belong to it
 */
public record ShardScope(int index, int shards, List<String> tensors) {

  /**
   * @throws IllegalArgumentException if there is no such shard
   */
  public ShardScope {
    if (index < 0 || index >= shards || shards > ArtifactHeader.MAX_SHARDS) {
      throw new IllegalArgumentException("there is no shard " + index + " of " + shards);
    }
    tensors = List.copyOf(tensors);
  }
}
