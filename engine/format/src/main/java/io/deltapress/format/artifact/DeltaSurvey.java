package io.deltapress.format.artifact;

import io.deltapress.format.BadInputException;
import io.deltapress.format.mask.MaskBlocks;
import io.deltapress.format.tensor.Checkpoint;
import io.deltapress.format.tensor.TensorInfo;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Plans the shards of an artifact from the headers of both checkpoints, without touching weights.
 */
public final class DeltaSurvey {
  /** Shard size of the pipeline, in bytes of the base: 256 MiB. */
  public static final long DEFAULT_SHARD_BYTES = 256L << 20;

  /** What a tensor takes in the header, about. */
  private static final long HEADER_BYTES_PER_TENSOR = 512;

  private DeltaSurvey() {}

  /**
   * Spreads the tensors of the fine-tune over shards. Tensors stay whole: one larger than {@code
   * shardBytes} is a shard of its own, which costs no more memory than any other. A fine-tune
   * without tensors is one empty shard.
   *
   * @param shardBytes most bytes of the base in a shard of several tensors
   * @return shards in order; every tensor of the fine-tune is in exactly one
   * @throws BadInputException if the fine-tune lacks a tensor of the base, or has a {@code
   *     config.json} that cannot be read
   */
  public static List<ShardPlan> survey(
      Checkpoint base, Checkpoint fineTuned, CompressionSettings settings, long shardBytes)
      throws IOException {
    requireAllTensors(base, fineTuned);
    NameFilter filter = new NameFilter(TensorScope.resolve(settings, fineTuned));
    List<ShardPlan> plans = new ArrayList<>();
    Growing shard = new Growing();
    for (TensorInfo info : fineTuned.tensors().values()) {
      TensorInfo old = base.tensors().get(info.name());
      long bytes = old == null ? info.byteLength() : old.byteLength();
      if (!shard.tensors.isEmpty() && bytes > shardBytes - shard.baseBytes) {
        plans.add(shard.plan(plans.size()));
        shard = new Growing();
      }
      shard.add(info, bytes, estimate(old, info, filter, settings));
    }
    plans.add(shard.plan(plans.size()));
    return plans;
  }

  static void requireAllTensors(Checkpoint base, Checkpoint fineTuned) throws BadInputException {
    for (String name : base.tensors().keySet()) {
      if (!fineTuned.tensors().containsKey(name)) {
        throw BadInputException.of(
            BadInputException.Kind.MISSING_TENSOR,
            fineTuned.path(),
            name,
            "missing, although the base has it; supply a fine-tune of this base with all its"
                + " tensors");
      }
    }
  }

  private static long estimate(
      @Nullable TensorInfo base,
      TensorInfo fineTuned,
      NameFilter filter,
      CompressionSettings settings) {
    if (Treatment.of(base, fineTuned, filter) != Treatment.PRUNED) {
      return HEADER_BYTES_PER_TENSOR + fineTuned.byteLength();
    }
    long elements = fineTuned.elementCount();
    long kept = settings.keep().expectedCount(elements);
    double bits = settings.values().storedAs(fineTuned.dtype()).bits();
    if (settings.values().hasScales()) {
      bits = settings.values() == ValueCode.INT4 ? 4 : 8;
      bits += (double) Short.SIZE / ValueCode.GROUP;
    }
    double mask = settings.method().mask() == MaskKind.STORED ? maskBits(elements, settings) : 0;
    return HEADER_BYTES_PER_TENSOR + (long) ((kept * bits + mask) / Byte.SIZE);
  }

  /** The entropy of a mask and a little for its code. */
  private static double maskBits(long elements, CompressionSettings settings) {
    double p = settings.keep().pruneRate();
    double entropy =
        p == 0 || p == 1 ? 0 : -(p * Math.log(p) + (1 - p) * Math.log(1 - p)) / Math.log(2);
    return 1.03 * entropy * elements + 24.0 * MaskBlocks.count(elements);
  }

  /** A shard to which tensors are still added. */
  private static final class Growing {
    private final List<String> tensors = new ArrayList<>();
    private long baseBytes;
    private long parameters;
    private long artifactBytes;

    void add(TensorInfo info, long bytes, long estimate) {
      tensors.add(info.name());
      baseBytes += bytes;
      parameters += info.elementCount();
      artifactBytes += estimate;
    }

    ShardPlan plan(int index) {
      return new ShardPlan(index, tensors, baseBytes, parameters, artifactBytes);
    }
  }
}
