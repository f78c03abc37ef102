package io.deltapress.format.artifact;

import io.deltapress.format.IntegrityException;
import io.deltapress.format.ProgressListener;
import io.deltapress.format.tensor.Checkpoint;
import io.deltapress.format.tensor.ComputedTensorData;
import io.deltapress.format.tensor.DigestCache;
import io.deltapress.format.tensor.TensorData;
import io.deltapress.format.tensor.TensorDigest;
import io.deltapress.format.tensor.TensorInfo;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * A base with a delta artifact applied, computed as it is read and written nowhere. Every changed
 * tensor is rebuilt and checked in whole when it is first touched; memory holds the last one.
 *
 * <p>Safe for use by several threads.
 */
public final class AppliedCheckpoint implements Checkpoint {
  private static final int CHUNK_BYTES = 1 << 24;

  private final Application application;
  private final SortedMap<String, TensorInfo> tensors;
  private final SortedMap<String, TensorDigest> digests;
  private @Nullable Rebuilt last;

  private AppliedCheckpoint(Application application) {
    this.application = application;
    this.tensors = Collections.unmodifiableSortedMap(application.resultTensors());
    this.digests = Collections.unmodifiableSortedMap(application.resultDigests());
  }

  /**
   * Applies an artifact.
   *
   * @param base its parent; stays the caller's, and must stay open as long as the result
   * @param artifact likewise
   * @param cache where checksums of the base are looked up
   * @throws IntegrityException if the artifact is damaged, or the base is not its parent
   * @throws io.deltapress.format.BadInputException if the artifact breaks a rule of the format
   */
  public static AppliedCheckpoint of(Checkpoint base, DeltaArtifact artifact, DigestCache cache)
      throws IOException {
    Application application =
        Application.of(
            base, artifact, artifact.check(), cache.digests(base, ProgressListener.none()));
    if (application.direction() == ApplySummary.Direction.UNDONE) {
      throw new IntegrityException(
          base.path()
              + ": has the artifact "
              + artifact.path()
              + " applied already; give the base without it");
    }
    return new AppliedCheckpoint(application);
  }

  /** The digests of all tensors, by name; known without reading them. */
  public SortedMap<String, TensorDigest> digests() {
    return digests;
  }

  /** That of the base. */
  @Override
  public Path path() {
    return application.base().path();
  }

  @Override
  public Path description() {
    return application.base().description();
  }

  /** Those of the base. */
  @Override
  public List<Path> files() {
    return application.base().files();
  }

  @Override
  public SortedMap<String, TensorInfo> tensors() {
    return tensors;
  }

  @Override
  public Map<String, String> metadata() {
    return application.base().metadata();
  }

  @Override
  public TensorData data(String name) throws IOException {
    TensorEntry entry = application.artifact().tensors().get(name);
    return entry == null || entry.kind() == TensorEntry.Kind.REMOVED
        ? application.base().data(name)
        : rebuilt(entry);
  }

  private synchronized TensorData rebuilt(TensorEntry entry) throws IOException {
    if (last == null || !last.info().equals(entry.info())) {
      last = null;
      Rebuilt rebuilt = new Rebuilt(entry.info());
      application.rebuild(
          new TensorRebuilder(application.artifact(), ChangeRecorder.NONE), entry, rebuilt::append);
      last = rebuilt;
    }
    return last;
  }

  /** Does nothing: base and artifact are the caller's. */
  @Override
  public void close() {
    // What this was made of stays open.
  }

  /** The bytes of a tensor of any size, in pieces that arrays can hold. */
  private static final class Rebuilt extends ComputedTensorData {
    private final TensorInfo info;
    private final List<byte[]> chunks = new ArrayList<>();
    private long length;

    Rebuilt(TensorInfo info) {
      this.info = info;
    }

    void append(byte[] bytes, int count) {
      for (int done = 0; done < count; ) {
        int at = (int) (length % CHUNK_BYTES);
        if (at == 0) {
          chunks.add(new byte[(int) Math.min(CHUNK_BYTES, info.byteLength() - length)]);
        }
        byte[] chunk = chunks.get(chunks.size() - 1);
        int part = Math.min(count - done, chunk.length - at);
        System.arraycopy(bytes, done, chunk, at, part);
        done += part;
        length += part;
      }
    }

    @Override
    public TensorInfo info() {
      return info;
    }

    @Override
    protected void compute(long byteOffset, ByteBuffer into) {
      long at = byteOffset;
      while (into.hasRemaining()) {
        byte[] chunk = chunks.get((int) (at / CHUNK_BYTES));
        int from = (int) (at % CHUNK_BYTES);
        int part = Math.min(into.remaining(), chunk.length - from);
        into.put(chunk, from, part);
        at += part;
      }
    }
  }
}
