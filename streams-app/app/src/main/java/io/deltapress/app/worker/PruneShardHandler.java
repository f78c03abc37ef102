package io.deltapress.app.worker;

import io.deltapress.format.ProgressListener;
import io.deltapress.format.artifact.ShardCompressor;
import io.deltapress.format.artifact.ShardScope;
import io.deltapress.format.artifact.ShardSummary;
import io.deltapress.format.tensor.Checkpoint;
import io.deltapress.format.tensor.DigestCache;
import io.deltapress.format.tensor.TensorDigest;
import io.deltapress.format.tensor.WeightsDigest;
import io.deltapress.schemas.DeltaStatistics;
import io.deltapress.schemas.PruneShard;
import io.deltapress.schemas.ShardManifest;
import io.deltapress.schemas.ShardPruned;
import io.deltapress.schemas.TensorChecksum;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Prunes the tensors of one shard into a scratch file and delivers it. The same task gives the same
 * bytes anywhere, so that a second delivery changes nothing.
 */
final class PruneShardHandler {
  private static final String SHARD_FILE = "shard.safetensors";
  private static final double NANOS = 1e9;

  private final TrustedBase trustedBase;
  private final DigestCache digests;
  private final ScratchDirectory scratch;
  private final ShardDelivery delivery;
  private final WorkerMetrics metrics;

  PruneShardHandler(
      TrustedBase trustedBase,
      DigestCache digests,
      ScratchDirectory scratch,
      ShardDelivery delivery,
      WorkerMetrics metrics) {
    this.trustedBase = trustedBase;
    this.digests = digests;
    this.scratch = scratch;
    this.delivery = delivery;
    this.metrics = metrics;
  }

  ShardPruned handle(PruneShard work, TaskSources sources, ProgressListener progress)
      throws IOException,
          InterruptedException,
          LocationRefusedException,
          TaskRefusedException,
          TaskFailedException {
    Checkpoint base = sources.base(work.getBaseLocation());
    WeightsDigest parent =
        trustedBase.require(base, work.getBaseLocation(), work.getBaseDigest(), progress);
    Checkpoint fineTuned = sources.fineTuned(work.getFineTunedLocation());
    Path directory = scratch.newTaskDirectory();
    try {
      return prune(work, base, fineTuned, parent, directory.resolve(SHARD_FILE), progress);
    } finally {
      ScratchDirectory.remove(directory);
    }
  }

  private ShardPruned prune(
      PruneShard work,
      Checkpoint base,
      Checkpoint fineTuned,
      WeightsDigest parent,
      Path file,
      ProgressListener progress)
      throws IOException, InterruptedException, TaskRefusedException, TaskFailedException {
    long started = System.nanoTime();
    ShardCompressor compressor =
        new ShardCompressor(
            base, fineTuned, parent, WireSettings.of(work.getCompression()), digests);
    ShardScope scope = new ShardScope(work.getShard(), work.getShards(), work.getTensors());
    ShardSummary summary = compressor.compress(scope, file, progress);
    Object location = delivery.deliver(file, summary.sha256(), work.getDelivery());
    metrics.delivered(summary.bytes());
    return new ShardPruned(
        new ShardManifest(work.getShard(), summary.sha256(), summary.bytes(), location),
        summary.fineTuned().values().stream().map(PruneShardHandler::checksum).toList(),
        statistics(summary.statistics()),
        (System.nanoTime() - started) / NANOS);
  }

  private static TensorChecksum checksum(TensorDigest digest) {
    return new TensorChecksum(
        digest.info().name(),
        digest.info().dtype().name(),
        digest.info().shape().dimensions(),
        digest.sha256());
  }

  private static DeltaStatistics statistics(io.deltapress.format.delta.DeltaStatistics delta) {
    return new DeltaStatistics(
        delta.count(),
        delta.mean(),
        delta.meanAbsolute(),
        delta.variance(),
        delta.maxAbsolute(),
        delta.unchanged());
  }
}
