package io.deltapress.app.domain;

import io.deltapress.schemas.DeltaStatistics;
import java.util.List;

/**
 * Statistics of a delta from those of its shards: means weighted by their counts, variances by the
 * parallel formula of Chan, Golub and LeVeque (1983): M2 = M2a + M2b + d^2 * na * nb / n. Variance
 * is that of the population. Combined in the order of shards, so that rounding is repeatable.
 */
final class CombinedStatistics {
  private CombinedStatistics() {}

  static DeltaStatistics of(List<DeltaStatistics> shards) {
    return shards.stream().reduce(CombinedStatistics::combine).orElseThrow();
  }

  private static DeltaStatistics combine(DeltaStatistics left, DeltaStatistics right) {
    long count = left.getCount() + right.getCount();
    if (left.getCount() == 0 || right.getCount() == 0) {
      return left.getCount() == 0 ? right : left;
    }
    double leftShare = (double) left.getCount() / count;
    double rightShare = (double) right.getCount() / count;
    double distance = right.getMean() - left.getMean();
    return DeltaStatistics.newBuilder()
        .setCount(count)
        .setMean(left.getMean() + distance * rightShare)
        .setMeanAbsolute(left.getMeanAbsolute() * leftShare + right.getMeanAbsolute() * rightShare)
        .setVariance(
            left.getVariance() * leftShare
                + right.getVariance() * rightShare
                + distance * distance * leftShare * rightShare)
        .setMaxAbsolute(Math.max(left.getMaxAbsolute(), right.getMaxAbsolute()))
        .setUnchanged(left.getUnchanged() + right.getUnchanged())
        .build();
  }
}
