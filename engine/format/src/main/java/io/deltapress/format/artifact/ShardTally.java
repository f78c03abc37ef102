package io.deltapress.format.artifact;

import io.deltapress.format.delta.DeltaStatistics;
import io.deltapress.format.tensor.TensorDigest;
import io.deltapress.format.tensor.TensorInfo;
import java.util.SortedMap;
import java.util.TreeMap;

/** Counts what becomes of the tensors of a shard. */
final class ShardTally {
  private final SortedMap<String, DeltaStatistics> statistics = new TreeMap<>();
  private final SortedMap<String, TensorDigest> fineTuned = new TreeMap<>();
  private int pruned;
  private int whole;
  private int unchanged;
  private long keptValues;
  private long parameters;
  private long denseBytes;

  void seen(TensorInfo info) {
    parameters += info.elementCount();
    denseBytes += info.byteLength();
  }

  void pruned(TensorPruner.Pruned tensor) {
    pruned++;
    keptValues += tensor.entry().kept();
    statistics.put(tensor.entry().info().name(), tensor.statistics());
    remember(tensor.fineTuned());
  }

  void whole(TensorDigest tensor) {
    whole++;
    remember(tensor);
  }

  void unchanged(TensorDigest tensor) {
    unchanged++;
    remember(tensor);
  }

  private void remember(TensorDigest tensor) {
    fineTuned.put(tensor.info().name(), tensor);
  }

  ShardSummary summary(SealedFile.Written file) {
    DeltaStatistics all =
        statistics.values().stream().reduce(DeltaStatistics.empty(), DeltaStatistics::combine);
    return new ShardSummary(
        file.sha256(),
        file.bytes(),
        all,
        statistics,
        fineTuned,
        pruned,
        whole,
        unchanged,
        keptValues,
        parameters,
        denseBytes);
  }
}
