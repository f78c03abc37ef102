package io.deltapress.format.artifact;

import io.deltapress.format.BadInputException;
import io.deltapress.format.IntegrityException;
import io.deltapress.format.artifact.ApplySummary.Direction;
import io.deltapress.format.tensor.Checkpoint;
import io.deltapress.format.tensor.Sha256;
import io.deltapress.format.tensor.TensorData;
import io.deltapress.format.tensor.TensorDigest;
import io.deltapress.format.tensor.TensorInfo;
import io.deltapress.format.tensor.WeightsDigest;
import java.io.IOException;
import java.security.MessageDigest;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** An artifact that was found to fit a checkpoint, and which way. */
final class Application {
  private static final int COPY_BYTES = 1 << 18;

  private final Checkpoint base;
  private final DeltaArtifact artifact;
  private final ArtifactDigest digest;
  private final Map<String, TensorDigest> baseDigests;
  private final Direction direction;

  private Application(
      Checkpoint base,
      DeltaArtifact artifact,
      ArtifactDigest digest,
      Map<String, TensorDigest> baseDigests,
      Direction direction) {
    this.base = base;
    this.artifact = artifact;
    this.digest = digest;
    this.baseDigests = baseDigests;
    this.direction = direction;
  }

  /**
   * Fits an artifact to a checkpoint.
   *
   * @param baseDigests the checksums of all tensors of the checkpoint
   * @throws IntegrityException if the checkpoint is neither parent nor, for an artifact that undoes
   *     itself, result
   */
  static Application of(
      Checkpoint base,
      DeltaArtifact artifact,
      ArtifactDigest digest,
      Map<String, TensorDigest> baseDigests)
      throws IntegrityException {
    TensorEntry misfit = null;
    boolean isResult = artifact.header().values() == ValueCode.EXACT;
    for (TensorEntry entry : artifact.tensors().values()) {
      TensorDigest found = baseDigests.get(entry.info().name());
      if (misfit == null && !isParent(entry, found)) {
        misfit = entry;
      }
      isResult &= entry.kind() == TensorEntry.Kind.PRUNED && isResult(entry, found);
    }
    if (misfit != null && !isResult) {
      throw new IntegrityException(
          base.path()
              + ": tensor "
              + BadInputException.quote(misfit.info().name())
              + ": is not that of the artifact's parent, which has the weights digest "
              + artifact.parentDigest()
              + "; use the checkpoint from which the artifact was made");
    }
    Direction direction = misfit == null ? Direction.APPLIED : Direction.UNDONE;
    return new Application(base, artifact, digest, baseDigests, direction);
  }

  private static boolean isParent(TensorEntry entry, @Nullable TensorDigest found) {
    if (found == null || entry.parentSha256() == null) {
      return found == null && entry.parentSha256() == null;
    }
    boolean sameInfo = entry.kind() == TensorEntry.Kind.WHOLE || found.info().equals(entry.info());
    return sameInfo && found.sha256().equals(entry.parentSha256());
  }

  private static boolean isResult(TensorEntry entry, @Nullable TensorDigest found) {
    return found != null
        && found.info().equals(entry.info())
        && found.sha256().equals(entry.resultSha256());
  }

  Checkpoint base() {
    return base;
  }

  DeltaArtifact artifact() {
    return artifact;
  }

  /** The tensors of the result, by name. */
  SortedMap<String, TensorInfo> resultTensors() {
    SortedMap<String, TensorInfo> tensors = new TreeMap<>(base.tensors());
    for (TensorEntry entry : artifact.tensors().values()) {
      if (entry.kind() == TensorEntry.Kind.REMOVED) {
        tensors.remove(entry.info().name());
      } else {
        tensors.put(entry.info().name(), entry.info());
      }
    }
    return tensors;
  }

  /** Passes the result of a tensor that is not removed to a sink, and checks it. */
  void rebuild(TensorRebuilder rebuilder, TensorEntry entry, ResultSink sink) throws IOException {
    if (entry.kind() == TensorEntry.Kind.PRUNED) {
      rebuilder.rebuild(base.data(entry.info().name()), entry, checksumAfter(entry), sink);
    } else {
      copyWhole(entry, sink);
    }
  }

  private void copyWhole(TensorEntry entry, ResultSink sink) throws IOException {
    ArtifactShard shard = artifact.shardOf(entry.info().name());
    TensorData data = shard.piece(PieceNames.WHOLE, entry.info().name());
    MessageDigest result = Sha256.newDigest();
    byte[] bytes = new byte[(int) Math.min(COPY_BYTES, data.byteLength())];
    for (long at = 0; at < data.byteLength(); at += bytes.length) {
      int length = (int) Math.min(bytes.length, data.byteLength() - at);
      data.copyTo(at, bytes, 0, length);
      result.update(bytes, 0, length);
      sink.accept(bytes, length);
    }
    TensorRebuilder.requireChecksum(shard, entry.info(), checksumAfter(entry), Sha256.hex(result));
  }

  /** The checksum of a tensor once it has gone the way of this application. */
  private String checksumAfter(TensorEntry entry) {
    String sha256 = direction == Direction.APPLIED ? entry.resultSha256() : entry.parentSha256();
    if (sha256 == null) {
      throw new IllegalArgumentException("tensor is removed: " + entry.info().name());
    }
    return sha256;
  }

  /** The entry of a pruned tensor in an artifact that takes this application back. */
  TensorEntry back(TensorEntry entry) {
    return direction == Direction.APPLIED ? entry.reversed() : entry;
  }

  /** The weights digest of what the artifact promises its result for. */
  WeightsDigest parentDigest() {
    return direction == Direction.APPLIED
        ? artifact.parentDigest()
        : WeightsDigest.of(baseDigests.values());
  }

  /** The digest of a tensor before, if there was one. */
  @Nullable TensorDigest before(String tensor) {
    return baseDigests.get(tensor);
  }

  /** The weights digest of the result. */
  WeightsDigest resultDigest() {
    return WeightsDigest.of(resultDigests().values());
  }

  /** The digests of all tensors of the result, by name. */
  SortedMap<String, TensorDigest> resultDigests() {
    SortedMap<String, TensorDigest> digests = new TreeMap<>(baseDigests);
    for (TensorEntry entry : artifact.tensors().values()) {
      String name = entry.info().name();
      if (entry.kind() == TensorEntry.Kind.REMOVED) {
        digests.remove(name);
      } else {
        digests.put(name, new TensorDigest(entry.info(), checksumAfter(entry)));
      }
    }
    return digests;
  }

  Direction direction() {
    return direction;
  }

  ApplySummary summary() {
    return new ApplySummary(
        direction,
        digest,
        WeightsDigest.of(baseDigests.values()),
        resultDigest(),
        count(TensorEntry.Kind.PRUNED),
        count(TensorEntry.Kind.WHOLE),
        count(TensorEntry.Kind.REMOVED),
        resultTensors().values().stream().mapToLong(TensorInfo::byteLength).sum());
  }

  private int count(TensorEntry.Kind kind) {
    return (int) artifact.tensors().values().stream().filter(entry -> entry.kind() == kind).count();
  }
}
