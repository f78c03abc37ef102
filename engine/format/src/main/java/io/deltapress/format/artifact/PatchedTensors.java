package io.deltapress.format.artifact;

import io.deltapress.format.ProgressListener;
import io.deltapress.format.mask.MaskBlocks;
import io.deltapress.format.tensor.Checkpoint;
import io.deltapress.format.tensor.DigestCache;
import io.deltapress.format.tensor.TensorData;
import io.deltapress.format.tensor.TensorInfo;
import io.deltapress.format.tensor.WeightsDigest;
import java.io.IOException;
import java.util.Arrays;
import java.util.SortedMap;

/**
 * What an artifact changes in a base, as positions and new values: for exports which cannot draw
 * masks. Nothing is written here; each tensor's checksum is verified when its last change has been
 * shown, so whoever listens must not publish before {@link #visit} has returned.
 */
public final class PatchedTensors {
  private final Application application;
  private final ProgressListener progress;

  private PatchedTensors(Application application, ProgressListener progress) {
    this.application = application;
    this.progress = progress;
  }

  /**
   * Fits an artifact to its parent.
   *
   * @param cache where checksums of the base are looked up
   * @param progress told of bytes of the base that were visited
   * @throws io.deltapress.format.IntegrityException if the artifact is damaged or the base is not
   *     its parent
   */
  public static PatchedTensors of(
      Checkpoint base, DeltaArtifact artifact, DigestCache cache, ProgressListener progress)
      throws IOException {
    Application application =
        Application.of(
            base, artifact, artifact.check(), cache.digests(base, ProgressListener.none()));
    return new PatchedTensors(application, progress);
  }

  /** Shown the changes of a tensor in ascending order. */
  @FunctionalInterface
  public interface ChangeVisitor {
    /**
     * Some elements differ from the base.
     *
     * @param elements their indices in the tensor
     * @param values their new bytes, little-endian, one after the other
     * @param count how many there are; both arrays are reused afterwards
     */
    void changed(long[] elements, byte[] values, int count) throws IOException;
  }

  /**
   * The weights digest of what the changes are to be made in: the artifact's parent, or its result
   * where the artifact is taken back.
   */
  public WeightsDigest parentDigest() {
    return application.parentDigest();
  }

  /** The tensors of the result, by name. */
  public SortedMap<String, TensorInfo> resultTensors() {
    return application.resultTensors();
  }

  /** The bytes of a tensor that the artifact carries whole. */
  public TensorData whole(String tensor) throws IOException {
    return application.artifact().shardOf(tensor).piece(PieceNames.WHOLE, tensor);
  }

  /**
   * Shows the changes of a pruned tensor and verifies it.
   *
   * @throws io.deltapress.format.IntegrityException if the result is not what the artifact promises
   */
  public void visit(TensorEntry entry, ChangeVisitor visitor) throws IOException {
    Changes changes = new Changes(visitor);
    application.rebuild(
        new TensorRebuilder(application.artifact(), changes),
        entry,
        (bytes, length) -> progress.advanced(length));
  }

  /** Picks out of each block what really changed. */
  private static final class Changes implements ChangeRecorder {
    private final ChangeVisitor visitor;
    private final long[] elements = new long[MaskBlocks.ELEMENTS];
    private final byte[] values = new byte[MaskBlocks.ELEMENTS * Long.BYTES];

    Changes(ChangeVisitor visitor) {
      this.visitor = visitor;
    }

    @Override
    public void changed(Block block) throws IOException {
      int width = block.bytes / block.length;
      int count = 0;
      for (int i = 0; i < block.kept; i++) {
        int from = block.positions[i] * width;
        if (Arrays.mismatch(block.base, from, from + width, block.fineTuned, from, from + width)
            >= 0) {
          System.arraycopy(block.base, from, values, count * width, width);
          elements[count++] = block.element(i);
        }
      }
      visitor.changed(elements, values, count);
    }

    @Override
    public void begin(TensorEntry entry) {}

    @Override
    public void end(TensorEntry entry) {}

    @Override
    public void complete() {}
  }
}
