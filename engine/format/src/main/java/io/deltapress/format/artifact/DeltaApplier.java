package io.deltapress.format.artifact;

import io.deltapress.format.BadInputException;
import io.deltapress.format.IntegrityException;
import io.deltapress.format.ProgressListener;
import io.deltapress.format.tensor.Checkpoint;
import io.deltapress.format.tensor.CheckpointWriter;
import io.deltapress.format.tensor.DigestCache;
import io.deltapress.format.tensor.TensorInfo;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/**
 * Applies artifacts. First every file of the artifact is checked against its own digest and every
 * tensor it touches against the checksum of the parent, then the result is written beside its
 * target, each tensor is checked, and only then does the result become visible.
 *
 * <p>An artifact of exact values undoes itself: applied to its own result, which its checksums tell
 * from the parent, it gives the parent again. For others there are undo files. Safe for use by
 * several threads.
 */
public final class DeltaApplier {
  private final DigestCache cache;

  /**
   * @param cache where checksums of bases are looked up
   */
  public DeltaApplier(DigestCache cache) {
    this.cache = cache;
  }

  /**
   * Applies an artifact.
   *
   * @param base the parent of the artifact
   * @param out a path that ends in {@code .safetensors} becomes one file, any other a Hugging Face
   *     directory with everything else that the base's directory holds
   * @param progress told of bytes of the base
   * @throws IntegrityException if the artifact is damaged, the base is not its parent, or the
   *     result is not what it promises; nothing is left behind
   * @throws BadInputException if the artifact breaks a rule of the format
   */
  public ApplySummary apply(
      Checkpoint base, DeltaArtifact artifact, Path out, ProgressListener progress)
      throws IOException {
    Application application = prepare(base, artifact);
    write(application, out, ChangeRecorder.NONE, progress);
    return application.summary();
  }

  /**
   * Applies an artifact and writes what takes it back: an artifact of exact values from the result
   * to the base.
   *
   * @param undo where to write that artifact: one file, replaced if it exists
   */
  public ApplySummary applyWithUndo(
      Checkpoint base, DeltaArtifact artifact, Path out, Path undo, ProgressListener progress)
      throws IOException {
    Application application = prepare(base, artifact);
    try (UndoFile undoFile = UndoFile.begin(undo, application)) {
      write(application, out, undoFile, progress);
    }
    return application.summary();
  }

  /**
   * Does everything that {@link #apply} does except writing.
   *
   * @throws IntegrityException as {@link #apply}
   * @throws BadInputException as {@link #apply}
   */
  public ApplySummary verify(Checkpoint base, DeltaArtifact artifact, ProgressListener progress)
      throws IOException {
    Application application = prepare(base, artifact);
    TensorRebuilder rebuilder = new TensorRebuilder(artifact, ChangeRecorder.NONE);
    for (TensorEntry entry : artifact.tensors().values()) {
      if (entry.kind() != TensorEntry.Kind.REMOVED) {
        application.rebuild(rebuilder, entry, (bytes, length) -> progress.advanced(length));
      }
    }
    return application.summary();
  }

  private Application prepare(Checkpoint base, DeltaArtifact artifact) throws IOException {
    ArtifactDigest digest = artifact.check();
    return Application.of(base, artifact, digest, cache.digests(base, ProgressListener.none()));
  }

  private static void write(
      Application application, Path out, ChangeRecorder changes, ProgressListener progress)
      throws IOException {
    Checkpoint base = application.base();
    DeltaArtifact artifact = application.artifact();
    TensorRebuilder rebuilder = new TensorRebuilder(artifact, changes);
    try (CheckpointWriter writer =
        CheckpointWriter.create(
            out,
            application.resultTensors().values(),
            base.metadata(),
            CheckpointWriter.DEFAULT_MAX_SHARD_BYTES)) {
      for (TensorInfo info : writer.order()) {
        TensorEntry entry = artifact.tensors().get(info.name());
        if (entry == null) {
          writer.copy(base.data(info.name()));
          progress.advanced(info.byteLength());
        } else {
          changes.begin(entry);
          application.rebuild(
              rebuilder,
              entry,
              (bytes, length) -> {
                writer.write(info.name(), ByteBuffer.wrap(bytes, 0, length));
                progress.advanced(length);
              });
          changes.end(entry);
        }
      }
      for (TensorEntry entry : artifact.tensors().values()) {
        if (entry.kind() == TensorEntry.Kind.REMOVED) {
          changes.begin(entry);
          changes.end(entry);
        }
      }
      writer.copyOtherFiles(base.path());
      changes.complete();
      writer.commit();
    }
  }
}
