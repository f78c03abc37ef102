package io.deltapress.format.artifact;

import io.deltapress.format.delta.DeltaStatistics;
import io.deltapress.format.tensor.TensorDigest;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What came of compressing a shard.
 *
 * @param sha256 SHA-256 of the file, lower-case hexadecimal
 * @param bytes length of the file
 * @param statistics of the deltas of the pruned tensors together
 * @param tensorStatistics of each pruned tensor, by name
 * @param fineTuned checksums of all tensors of the fine-tune that belong to the shard, by name
 * @param pruned tensors whose delta was pruned
 * @param whole tensors carried whole
 * @param unchanged tensors left out because they equal those of the base
 * @param keptValues values kept in all pruned tensors
 * @param parameters elements of all tensors of the shard
 * @param denseBytes bytes of all tensors of the shard in the fine-tune
 */
public record ShardSummary(
    String sha256,
    long bytes,
    DeltaStatistics statistics,
    SortedMap<String, DeltaStatistics> tensorStatistics,
    SortedMap<String, TensorDigest> fineTuned,
    int pruned,
    int whole,
    int unchanged,
    long keptValues,
    long parameters,
    long denseBytes) {

  public ShardSummary {
    tensorStatistics = Collections.unmodifiableSortedMap(new TreeMap<>(tensorStatistics));
    fineTuned = Collections.unmodifiableSortedMap(new TreeMap<>(fineTuned));
  }
}
