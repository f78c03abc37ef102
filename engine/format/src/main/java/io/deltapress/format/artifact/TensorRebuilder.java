package io.deltapress.format.artifact;

import io.deltapress.format.BadInputException;
import io.deltapress.format.IntegrityException;
import io.deltapress.format.mask.DrawnMasks;
import io.deltapress.format.mask.MaskBlocks;
import io.deltapress.format.mask.MaskCursor;
import io.deltapress.format.mask.StoredMaskReader;
import io.deltapress.format.tensor.Sha256;
import io.deltapress.format.tensor.TensorData;
import io.deltapress.format.tensor.TensorInfo;
import java.io.IOException;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/**
 * Computes pruned tensors from their base and an artifact, block by block. Not safe for use by
 * several threads.
 */
final class TensorRebuilder {
  private final DeltaArtifact artifact;
  private final ChangeRecorder changes;
  private final DrawnMasks drawnMasks;
  private final Block block = new Block();

  /**
   * @param changes told of every block
   */
  TensorRebuilder(DeltaArtifact artifact, ChangeRecorder changes) {
    this.artifact = artifact;
    this.changes = changes;
    this.drawnMasks = artifact.header().drawnMasks();
  }

  /**
   * Rebuilds a tensor.
   *
   * @param base its data in the parent, of the type and shape of the entry
   * @param expectedSha256 the checksum that the rebuilt bytes must have
   * @throws BadInputException if the artifact's bytes break a rule
   * @throws IntegrityException if the checksum differs
   */
  void rebuild(TensorData base, TensorEntry entry, String expectedSha256, ResultSink sink)
      throws IOException {
    TensorInfo info = entry.info();
    ArtifactShard shard = artifact.shardOf(info.name());
    BlockCoder coder = BlockCoder.of(artifact.header(), info);
    MaskCursor mask = mask(shard, info);
    Stored stored = new Stored(shard, info);
    MessageDigest result = Sha256.newDigest();
    long kept = 0;
    for (long b = 0; b < MaskBlocks.count(info.elementCount()); b++) {
      block.readBase(base, b);
      block.kept = mask.next(block.length, block.positions);
      kept += block.kept;
      if (kept > entry.kept()) {
        throw miscounted(shard, info);
      }
      stored.read(block);
      System.arraycopy(block.base, 0, block.fineTuned, 0, block.bytes);
      requireFinite(shard, info, coder.decode(block));
      result.update(block.base, 0, block.bytes);
      sink.accept(block.base, block.bytes);
      changes.changed(block);
    }
    mask.finish();
    stored.finish();
    if (kept != entry.kept()) {
      throw miscounted(shard, info);
    }
    requireChecksum(shard, info, expectedSha256, Sha256.hex(result));
  }

  private MaskCursor mask(ArtifactShard shard, TensorInfo info) throws IOException {
    return artifact.header().mask() == MaskKind.STORED
        ? new StoredMaskReader(shard.path(), shard.piece(PieceNames.MASK, info.name()))
        : drawnMasks.cursor(info);
  }

  private static BadInputException miscounted(ArtifactShard shard, TensorInfo info) {
    return BadInputException.of(
        shard.path(), info.name(), "its mask does not keep as many values as its entry says");
  }

  private void requireFinite(ArtifactShard shard, TensorInfo info, int failure)
      throws BadInputException {
    if (failure != BlockCoder.ALL_FINITE) {
      throw BadInputException.of(
          shard.path(),
          info.name(),
          "element " + block.element(failure) + " would not be finite; do not use this artifact");
    }
  }

  static void requireChecksum(ArtifactShard shard, TensorInfo info, String expected, String actual)
      throws IntegrityException {
    if (!actual.equals(expected)) {
      throw new IntegrityException(
          shard.path()
              + ": tensor "
              + BadInputException.quote(info.name())
              + ": the result has not the checksum that the artifact promises; fetch the artifact"
              + " and the base again");
    }
  }

  /** The stored values and scales of a tensor, taken block by block. */
  private final class Stored {
    private final ArtifactShard shard;
    private final TensorInfo info;
    private final ValueCode code = artifact.header().values();
    private final TensorData values;
    private final @Nullable TensorData scales;
    private long valuesAt;
    private long scalesAt;

    Stored(ArtifactShard shard, TensorInfo info) throws IOException {
      this.shard = shard;
      this.info = info;
      this.values = shard.piece(PieceNames.VALUES, info.name());
      this.scales = code.hasScales() ? shard.piece(PieceNames.SCALES, info.name()) : null;
    }

    void read(Block block) throws IOException {
      int bytes = code.valueBytes(block.kept, info.dtype());
      valuesAt = take(values, valuesAt, bytes, block.values);
      if (scales != null) {
        scalesAt = take(scales, scalesAt, code.scaleBytes(block.kept), block.scales);
      }
    }

    private long take(TensorData data, long at, int bytes, byte[] into) throws IOException {
      if (bytes > data.byteLength() - at) {
        throw BadInputException.of(shard.path(), data.info().name(), "ends before its mask does");
      }
      data.copyTo(at, into, 0, bytes);
      return at + bytes;
    }

    void finish() throws BadInputException {
      if (valuesAt != values.byteLength() || scales != null && scalesAt != scales.byteLength()) {
        throw BadInputException.of(shard.path(), info.name(), "has more values than its mask");
      }
    }
  }
}
