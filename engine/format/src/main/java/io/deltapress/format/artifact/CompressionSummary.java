package io.deltapress.format.artifact;

import io.deltapress.format.delta.DeltaStatistics;
import io.deltapress.format.tensor.WeightsDigest;
import java.util.List;

/**
 * What came of compressing a fine-tune.
 *
 * @param artifact content address of the artifact
 * @param parent weights digest of the base
 * @param fineTuned weights digest of the fine-tune
 * @param shards what came of each shard, in order
 */
public record CompressionSummary(
    ArtifactDigest artifact,
    WeightsDigest parent,
    WeightsDigest fineTuned,
    List<ShardSummary> shards) {

  public CompressionSummary {
    shards = List.copyOf(shards);
  }

  /** Statistics of the deltas of all pruned tensors. */
  public DeltaStatistics statistics() {
    return shards.stream()
        .map(ShardSummary::statistics)
        .reduce(DeltaStatistics.empty(), DeltaStatistics::combine);
  }

  /** Bytes of the artifact's files. */
  public long artifactBytes() {
    return shards.stream().mapToLong(ShardSummary::bytes).sum();
  }

  /** Bytes of the fine-tune's tensors. */
  public long denseBytes() {
    return shards.stream().mapToLong(ShardSummary::denseBytes).sum();
  }

  /** Elements of the fine-tune's tensors. */
  public long parameters() {
    return shards.stream().mapToLong(ShardSummary::parameters).sum();
  }

  /** Values kept in all pruned tensors. */
  public long keptValues() {
    return shards.stream().mapToLong(ShardSummary::keptValues).sum();
  }
}
