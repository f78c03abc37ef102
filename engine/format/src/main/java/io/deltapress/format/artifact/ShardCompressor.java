package io.deltapress.format.artifact;

import io.deltapress.format.BadInputException;
import io.deltapress.format.ProgressListener;
import io.deltapress.format.tensor.Checkpoint;
import io.deltapress.format.tensor.DigestCache;
import io.deltapress.format.tensor.TensorData;
import io.deltapress.format.tensor.TensorDigest;
import io.deltapress.format.tensor.TensorInfo;
import io.deltapress.format.tensor.WeightsDigest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Makes the shards of an artifact, each from the tensors it names and no others. The bytes of a
 * shard follow from its input alone: not from the machine, the Java release, or what else is made
 * at the same time. Safe for use by several threads.
 */
public final class ShardCompressor {
  private final Checkpoint base;
  private final Checkpoint fineTuned;
  private final ArtifactHeader header;
  private final InputNorms norms;
  private final NameFilter filter;
  private final Map<String, TensorDigest> baseDigests;
  private final Map<String, TensorDigest> fineTunedDigests;

  /**
   * @param base the parent of the artifact
   * @param fineTuned what the artifact stands for
   * @param parent weights digest of the base, believed; whoever applies the artifact checks the
   *     tensors it touches
   * @param settings how to compress
   * @param cache where checksums of either checkpoint are looked up, to be computed if missing
   */
  public ShardCompressor(
      Checkpoint base,
      Checkpoint fineTuned,
      WeightsDigest parent,
      CompressionSettings settings,
      DigestCache cache)
      throws IOException {
    this(base, fineTuned, parent, settings, cache.remembered(base), cache.remembered(fineTuned));
  }

  ShardCompressor(
      Checkpoint base,
      Checkpoint fineTuned,
      WeightsDigest parent,
      CompressionSettings settings,
      Map<String, TensorDigest> baseDigests,
      Map<String, TensorDigest> fineTunedDigests)
      throws IOException {
    CompressionSettings resolved = TensorScope.resolve(settings, fineTuned);
    this.base = base;
    this.fineTuned = fineTuned;
    this.header = ArtifactHeader.of(parent, resolved);
    this.norms = resolved.inputNorms();
    this.filter = new NameFilter(resolved);
    this.baseDigests = baseDigests;
    this.fineTunedDigests = fineTunedDigests;
  }

  /**
   * Compresses a shard into a file, which appears whole or not at all.
   *
   * @param shard which shard, and its tensors
   * @param out the file, replaced if it exists
   * @param progress told of bytes of the base
   * @throws BadInputException if the fine-tune lacks a tensor or a result is not finite
   */
  public ShardSummary compress(ShardScope shard, Path out, ProgressListener progress)
      throws IOException {
    ArtifactFile file = new ArtifactFile(header, shard.index(), shard.shards());
    ShardTally tally = new ShardTally();
    try (TensorSpools spools = TensorSpools.beside(out, header)) {
      TensorPruner pruner = new TensorPruner(header, norms, spools, fineTuned.path(), progress);
      for (String name : new TreeSet<>(shard.tensors())) {
        add(name, pruner, file, tally, progress);
      }
      return tally.summary(file.write(out));
    }
  }

  private void add(
      String name,
      TensorPruner pruner,
      ArtifactFile file,
      ShardTally tally,
      ProgressListener progress)
      throws IOException {
    TensorInfo info = requireTensor(name);
    TensorInfo old = base.tensors().get(name);
    Treatment treatment = Treatment.of(old, info, filter);
    tally.seen(info);
    if (treatment != Treatment.WHOLE && isUnchanged(name, progress)) {
      tally.unchanged(digest(fineTuned, name, fineTunedDigests, ProgressListener.none()));
    } else if (treatment == Treatment.PRUNED) {
      TensorPruner.Pruned pruned =
          pruner.prune(
              base.data(name),
              fineTuned.data(name),
              baseDigests.get(name),
              fineTunedDigests.get(name));
      file.add(pruned.entry(), pruned.pieces());
      tally.pruned(pruned);
    } else {
      addWhole(info, old, file, tally, progress);
    }
  }

  private TensorInfo requireTensor(String name) throws BadInputException {
    TensorInfo info = fineTuned.tensors().get(name);
    if (info == null) {
      throw BadInputException.of(
          BadInputException.Kind.MISSING_TENSOR,
          fineTuned.path(),
          name,
          "missing, although the shard names it; survey the fine-tune again");
    }
    if (name.length() > PieceNames.MAX_TENSOR_NAME_CHARACTERS) {
      throw BadInputException.of(fineTuned.path(), name, "the name is too long for an artifact");
    }
    return info;
  }

  private boolean isUnchanged(String name, ProgressListener progress) throws IOException {
    TensorDigest left = baseDigests.get(name);
    TensorDigest right = fineTunedDigests.get(name);
    boolean unchanged =
        left != null && right != null
            ? left.equals(right)
            : haveSameBytes(base.data(name), fineTuned.data(name));
    if (unchanged) {
      progress.advanced(base.tensors().get(name).byteLength());
    }
    return unchanged;
  }

  private static boolean haveSameBytes(TensorData left, TensorData right) throws IOException {
    int step = 1 << 20;
    for (long at = 0; at < left.byteLength(); at += step) {
      int length = (int) Math.min(step, left.byteLength() - at);
      if (!left.slice(at, length).equals(right.slice(at, length))) {
        return false;
      }
    }
    return true;
  }

  private void addWhole(
      TensorInfo info,
      @Nullable TensorInfo old,
      ArtifactFile file,
      ShardTally tally,
      ProgressListener progress)
      throws IOException {
    String name = info.name();
    TensorDigest digest = digest(fineTuned, name, fineTunedDigests, ProgressListener.none());
    String parent = old == null ? null : digest(base, name, baseDigests, progress).sha256();
    TensorEntry entry = new TensorEntry(TensorEntry.Kind.WHOLE, info, 0, parent, digest.sha256());
    TensorInfo stored = new TensorInfo(PieceNames.WHOLE + name, info.dtype(), info.shape());
    file.add(entry, List.of(Piece.of(stored, fineTuned.data(name))));
    tally.whole(digest);
  }

  private static TensorDigest digest(
      Checkpoint checkpoint,
      String name,
      Map<String, TensorDigest> known,
      ProgressListener progress)
      throws IOException {
    TensorDigest digest = known.get(name);
    if (digest != null) {
      progress.advanced(digest.info().byteLength());
      return digest;
    }
    return TensorDigest.of(checkpoint.data(name), progress);
  }
}
