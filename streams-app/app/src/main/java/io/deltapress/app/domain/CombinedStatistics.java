package io.deltapress.app.domain;

import io.deltapress.schemas.DeltaStatistics;
import java.util.List;

/**
 * Statistics of a delta from those of its shards, combined in the order of shards, so that rounding
 * is repeatable.
 */
final class CombinedStatistics {
  private CombinedStatistics() {}

  static DeltaStatistics of(List<DeltaStatistics> shards) {
    io.deltapress.format.delta.DeltaStatistics whole =
        io.deltapress.format.delta.DeltaStatistics.empty();
    for (DeltaStatistics shard : shards) {
      whole = whole.combine(read(shard));
    }
    return DeltaStatistics.newBuilder()
        .setCount(whole.count())
        .setMean(whole.mean())
        .setMeanAbsolute(whole.meanAbsolute())
        .setVariance(whole.variance())
        .setMaxAbsolute(whole.maxAbsolute())
        .setUnchanged(whole.unchanged())
        .build();
  }

  private static io.deltapress.format.delta.DeltaStatistics read(DeltaStatistics shard) {
    return new io.deltapress.format.delta.DeltaStatistics(
        shard.getCount(),
        shard.getMean(),
        shard.getMeanAbsolute(),
        shard.getVariance(),
        shard.getMaxAbsolute(),
        shard.getUnchanged());
  }
}
