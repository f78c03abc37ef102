package io.deltapress.format.artifact;

import io.deltapress.format.ProgressListener;
import io.deltapress.format.tensor.Checkpoint;
import io.deltapress.format.tensor.DigestCache;
import io.deltapress.format.tensor.TensorDigest;
import io.deltapress.format.tensor.WeightsDigest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.stream.Stream;

/**
 * Makes a whole artifact offline, of the same bytes as the pipeline if it is cut into shards of the
 * same size. Safe for use by several threads.
 */
public final class DeltaCompressor {
  private static final String FILE_SUFFIX = ".safetensors";

  private final DigestCache cache;

  /**
   * @param cache where checksums of checkpoints are looked up
   */
  public DeltaCompressor(DigestCache cache) {
    this.cache = cache;
  }

  /**
   * Compresses a fine-tune.
   *
   * @param out a path that ends in {@code .safetensors} becomes one file, replaced if it exists;
   *     any other a directory of shards, which must be absent or empty
   * @param shardBytes bytes of the base per shard of a directory
   * @param progress told of bytes of the base, first while they are digested unless that is cached,
   *     then while they are compressed: twice their number in all
   * @throws io.deltapress.format.BadInputException if the fine-tune lacks a tensor, or a result is
   *     not finite; nothing is left behind
   */
  public CompressionSummary compress(
      Checkpoint base,
      Checkpoint fineTuned,
      CompressionSettings settings,
      Path out,
      long shardBytes,
      ProgressListener progress)
      throws IOException {
    boolean oneFile = out.toString().endsWith(FILE_SUFFIX);
    List<ShardPlan> plans =
        DeltaSurvey.survey(base, fineTuned, settings, oneFile ? Long.MAX_VALUE : shardBytes);
    SortedMap<String, TensorDigest> baseDigests = cache.digests(base, progress);
    WeightsDigest parent = WeightsDigest.of(baseDigests.values());
    ShardCompressor compressor =
        new ShardCompressor(
            base, fineTuned, parent, settings, baseDigests, cache.remembered(fineTuned));
    List<ShardSummary> shards =
        oneFile
            ? List.of(compressor.compress(plans.get(0).of(1), out, progress))
            : compressDirectory(compressor, plans, out, progress);
    Stream<TensorDigest> fineTunedTensors =
        shards.stream().flatMap(shard -> shard.fineTuned().values().stream());
    return new CompressionSummary(
        ArtifactDigest.of(shards.stream().map(ShardSummary::sha256).toList()),
        parent,
        WeightsDigest.of(fineTunedTensors.toList()),
        shards);
  }

  private static List<ShardSummary> compressDirectory(
      ShardCompressor compressor, List<ShardPlan> plans, Path out, ProgressListener progress)
      throws IOException {
    try (ArtifactDirectory directory = ArtifactDirectory.begin(out)) {
      List<ShardSummary> shards = new ArrayList<>();
      for (ShardPlan plan : plans) {
        Path file = directory.shard(plan.index(), plans.size());
        shards.add(compressor.compress(plan.of(plans.size()), file, progress));
      }
      directory.commit();
      return shards;
    }
  }
}
