package io.deltapress.format.export;

import io.deltapress.format.ProgressListener;
import io.deltapress.format.artifact.PatchedTensors.ChangeVisitor;
import io.deltapress.format.edit.EditedCheckpoint;
import io.deltapress.format.tensor.Checkpoint;
import io.deltapress.format.tensor.TensorData;
import io.deltapress.format.tensor.TensorInfo;
import io.deltapress.format.tensor.WeightsDigest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.SortedMap;

/** What edits change in their foundation. */
final class EditChanges implements ChangedTensors {
  private static final int BLOCK_ELEMENTS = 1 << 16;

  private final Checkpoint foundation;
  private final WeightsDigest parent;
  private final EditedCheckpoint edited;
  private final ProgressListener progress;

  /**
   * @param parent weights digest of the foundation
   * @param edited the foundation with the edits on it, read several times
   */
  EditChanges(
      Checkpoint foundation,
      WeightsDigest parent,
      EditedCheckpoint edited,
      ProgressListener progress) {
    this.foundation = foundation;
    this.parent = parent;
    this.edited = edited;
    this.progress = progress;
  }

  @Override
  public WeightsDigest parent() {
    return parent;
  }

  @Override
  public SortedMap<String, TensorInfo> resultTensors() {
    return edited.tensors();
  }

  @Override
  public List<TensorInfo> patched() {
    return edited.weights().values().stream().map(weight -> weight.foundation().info()).toList();
  }

  @Override
  public List<TensorInfo> replaced() {
    return List.of();
  }

  @Override
  public void visit(String tensor, ChangeVisitor visitor) throws IOException {
    TensorData before = foundation.data(tensor);
    TensorData after = edited.data(tensor);
    long[] elements = new long[BLOCK_ELEMENTS];
    int width = before.info().dtype().bits() / Byte.SIZE;
    byte[] values = new byte[BLOCK_ELEMENTS * width];
    for (long at = 0; at < before.info().elementCount(); at += BLOCK_ELEMENTS) {
      int length = (int) Math.min(BLOCK_ELEMENTS, before.info().elementCount() - at);
      ByteBuffer old = before.slice(at * width, length * width);
      ByteBuffer now = after.slice(at * width, length * width);
      int count = 0;
      for (int i = 0; i < length; i++) {
        ByteBuffer value = now.slice(i * width, width);
        if (!value.equals(old.slice(i * width, width))) {
          value.get(values, count * width, width);
          elements[count++] = at + i;
        }
      }
      visitor.changed(elements, values, count);
      progress.advanced((long) length * width);
    }
  }

  @Override
  public TensorData whole(String tensor) throws IOException {
    throw new IllegalArgumentException("edits replace no tensor: " + tensor);
  }
}
