package io.deltapress.format.artifact;

import io.deltapress.format.BadInputException;
import io.deltapress.format.ProgressListener;
import io.deltapress.format.delta.DeltaStatistics;
import io.deltapress.format.mask.MaskBlocks;
import io.deltapress.format.tensor.Sha256;
import io.deltapress.format.tensor.TensorData;
import io.deltapress.format.tensor.TensorDigest;
import io.deltapress.format.tensor.TensorInfo;
import java.io.IOException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Prunes the delta of one tensor after another: reads each block of both checkpoints once
 * (magnitude pruning: up to five times, WANDA: twice), spools what is kept, and digests what was
 * read and what results. Not safe for use by several threads.
 */
final class TensorPruner {
  private final ArtifactHeader header;
  private final PositionFinder finder;
  private final TensorSpools spools;
  private final Path fineTunedPath;
  private final ProgressListener progress;
  private final Block block = new Block();
  private final double[] deltas = new double[MaskBlocks.ELEMENTS];

  /**
   * @param norms of inputs, for WANDA
   * @param fineTunedPath for messages
   */
  TensorPruner(
      ArtifactHeader header,
      InputNorms norms,
      TensorSpools spools,
      Path fineTunedPath,
      ProgressListener progress) {
    this.header = header;
    this.spools = spools;
    this.fineTunedPath = fineTunedPath;
    this.progress = progress;
    this.finder = new PositionFinder(header, norms, fineTunedPath, block, deltas);
  }

  /** What pruning a tensor gives. */
  record Pruned(
      TensorEntry entry, List<Piece> pieces, DeltaStatistics statistics, TensorDigest fineTuned) {}

  /**
   * Prunes a tensor.
   *
   * @param knownBase its checksum in the base, if known
   * @param knownFineTuned its checksum in the fine-tune, if known
   * @throws BadInputException if a result is not finite
   */
  Pruned prune(
      TensorData base,
      TensorData fineTuned,
      @Nullable TensorDigest knownBase,
      @Nullable TensorDigest knownFineTuned)
      throws IOException {
    TensorInfo info = base.info();
    BlockCoder coder = BlockCoder.of(header, info);
    DeltaBlocks blocks = new DeltaBlocks(base, fineTuned, block, deltas);
    PositionFinder.Positions positions = finder.positions(blocks);
    Checksum baseChecksum = Checksum.of(knownBase);
    Checksum fineTunedChecksum = Checksum.of(knownFineTuned);
    MessageDigest result = Sha256.newDigest();
    DeltaStatistics statistics = DeltaStatistics.empty();
    long kept = 0;
    spools.begin(info);
    for (long b = 0; b < blocks.count(); b++) {
      blocks.read(b);
      baseChecksum.update(block.base, block.bytes);
      fineTunedChecksum.update(block.fineTuned, block.bytes);
      statistics = statistics.combine(DeltaStatistics.of(deltas, block.length));
      block.kept = positions.next();
      requireFinite(info, coder.encode(block));
      spools.append(block);
      result.update(block.base, 0, block.bytes);
      kept += block.kept;
      progress.advanced(block.bytes);
    }
    TensorEntry entry =
        new TensorEntry(
            TensorEntry.Kind.PRUNED, info, kept, baseChecksum.hex(), Sha256.hex(result));
    return new Pruned(
        entry,
        spools.pieces(),
        statistics,
        new TensorDigest(fineTuned.info(), fineTunedChecksum.hex()));
  }

  private void requireFinite(TensorInfo info, int failure) throws BadInputException {
    if (failure != BlockCoder.ALL_FINITE) {
      throw BadInputException.of(
          BadInputException.Kind.NON_FINITE,
          fineTunedPath,
          info.name(),
          "element %d is not finite once pruned: its delta is %s, q is %s; repair the weights or exclude the tensor"
              .formatted(
                  block.element(failure),
                  (float) deltas[block.positions[failure]],
                  header.rescale().factor(info.name())));
    }
  }
}
