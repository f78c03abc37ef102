package io.deltapress.format.edit;

import io.deltapress.format.ProgressListener;
import io.deltapress.format.tensor.CheckpointWriter;
import io.deltapress.format.tensor.Sha256;
import io.deltapress.format.tensor.TensorData;
import io.deltapress.format.tensor.TensorDigest;
import io.deltapress.format.tensor.TensorInfo;
import io.deltapress.format.tensor.WeightsDigest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** Writes foundations with edits on them as models of their own. */
public final class EditApplier {
  private static final int STEP_BYTES = 1 << 20;

  private EditApplier() {}

  /** Takes the bytes of a result. */
  private interface Sink {
    void write(String tensor, ByteBuffer bytes) throws IOException;
  }

  /**
   * Puts edits on their foundation.
   *
   * @param edits in the order of their list
   * @param out a path that ends in {@code .safetensors} becomes one file, any other a Hugging Face
   *     directory with everything else that the foundation's directory holds
   * @param progress told of bytes of the foundation
   * @throws io.deltapress.format.IntegrityException if the edits are of another foundation; nothing
   *     is left behind
   * @throws io.deltapress.format.BadInputException if an edit is given twice, a result is infinite
   *     or not a number, or something is in the way
   */
  public static EditSummary apply(
      Foundation foundation, List<EditArtifact> edits, Path out, ProgressListener progress)
      throws IOException {
    EditedCheckpoint edited = foundation.with(edits);
    SortedMap<String, TensorDigest> digests = new TreeMap<>(foundation.digests());
    try (CheckpointWriter writer =
        CheckpointWriter.create(
            out,
            edited.tensors().values(),
            edited.metadata(),
            CheckpointWriter.DEFAULT_MAX_SHARD_BYTES)) {
      for (TensorInfo info : writer.order()) {
        TensorData data = edited.data(info.name());
        if (edited.weights().containsKey(info.name())) {
          digests.put(info.name(), digested(data, writer::write));
        } else {
          writer.copy(data);
        }
        progress.advanced(info.byteLength());
      }
      writer.copyOtherFiles(edited.path());
      writer.commit();
    }
    return summary(foundation, edits, edited, digests);
  }

  /** Does everything that {@link #apply} does except writing. */
  public static EditSummary verify(
      Foundation foundation, List<EditArtifact> edits, ProgressListener progress)
      throws IOException {
    EditedCheckpoint edited = foundation.with(edits);
    SortedMap<String, TensorDigest> digests = new TreeMap<>(foundation.digests());
    for (String weight : edited.weights().keySet()) {
      digests.put(weight, TensorDigest.of(edited.data(weight), progress));
    }
    return summary(foundation, edits, edited, digests);
  }

  private static TensorDigest digested(TensorData data, Sink sink) throws IOException {
    MessageDigest digest = Sha256.newDigest();
    for (long at = 0; at < data.byteLength(); at += STEP_BYTES) {
      ByteBuffer bytes = data.slice(at, (int) Math.min(STEP_BYTES, data.byteLength() - at));
      digest.update(bytes.duplicate());
      sink.write(data.info().name(), bytes);
    }
    return new TensorDigest(data.info(), Sha256.hex(digest));
  }

  private static EditSummary summary(
      Foundation foundation,
      List<EditArtifact> edits,
      EditedCheckpoint edited,
      SortedMap<String, TensorDigest> digests) {
    return new EditSummary(
        edits.size(),
        edited.weights().size(),
        foundation.digest(),
        WeightsDigest.of(digests.values()),
        edited.tensors().values().stream().mapToLong(TensorInfo::byteLength).sum());
  }
}
