package io.deltapress.format.export;

import io.deltapress.format.BadInputException;
import io.deltapress.format.ProgressListener;
import io.deltapress.format.artifact.DeltaArtifact;
import io.deltapress.format.artifact.PatchedTensors;
import io.deltapress.format.artifact.TensorEntry;
import io.deltapress.format.tensor.Checkpoint;
import io.deltapress.format.tensor.DType;
import io.deltapress.format.tensor.DigestCache;
import io.deltapress.format.tensor.SafetensorsWriter;
import io.deltapress.format.tensor.Shape;
import io.deltapress.format.tensor.TensorInfo;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * An overwrite patch: the changed elements of a checkpoint with their new values, for engines that
 * take flat indices and replacement values (vLLM's {@code CheckpointWeightPatch}, TRL's sparse
 * weight patch). Applying it twice does no harm; it cannot be undone without the base.
 *
 * <p>One safetensors file. Of a changed tensor {@code NAME} of n elements it has {@code NAME.idx},
 * ascending flat row-major indices (I32, or I64 if n exceeds 2^31 - 1), and {@code NAME.val}, the
 * new values in the tensor's own type; of a replaced or new one only {@code NAME.val}, in full and
 * with its shape. Values are finite. {@code __metadata__} says {@code format =
 * sparse_weight_patch}, {@code version = 1}, {@code encoding = raw}, and how much has changed.
 */
public final class OverwritePatch {
  private static final String INDICES = ".idx";
  private static final String VALUES = ".val";

  private final DigestCache cache;

  /**
   * @param cache where checksums of bases are looked up
   */
  public OverwritePatch(DigestCache cache) {
    this.cache = cache;
  }

  /**
   * Writes the patch of an artifact. Each changed tensor is rebuilt three times, so that no list of
   * changes is held: to count, for the values, and for the indices.
   *
   * @param out the file, replaced if it exists
   * @param progress told of bytes of the base that are changed, each three times
   * @throws BadInputException if the artifact breaks a rule, or does what a patch cannot express
   * @throws io.deltapress.format.IntegrityException if anything is not as promised; nothing is left
   *     behind
   */
  public PatchSummary export(
      Checkpoint base, DeltaArtifact artifact, Path out, ProgressListener progress)
      throws IOException {
    PatchedTensors patched = PatchedTensors.of(base, artifact, cache, progress);
    Map<String, Long> changed = count(artifact, patched);
    List<TensorInfo> infos = infos(artifact, changed);
    long changedElements = changed.values().stream().mapToLong(Long::longValue).sum();
    long totalElements =
        patched.resultTensors().values().stream().mapToLong(TensorInfo::elementCount).sum();
    Map<String, String> metadata =
        metadata(patched, changed.size(), changedElements, totalElements);
    try (SafetensorsWriter writer = SafetensorsWriter.create(out, infos, metadata)) {
      for (TensorInfo info : writer.order()) {
        write(writer, info, artifact, patched);
      }
      writer.commit();
    }
    return new PatchSummary(changed.size(), changedElements, totalElements, Files.size(out));
  }

  private static Map<String, Long> count(DeltaArtifact artifact, PatchedTensors patched)
      throws IOException {
    Map<String, Long> changed = new TreeMap<>();
    for (TensorEntry entry : artifact.tensors().values()) {
      String name = entry.info().name();
      switch (entry.kind()) {
        case PRUNED -> {
          changed.put(name, 0L);
          patched.visit(
              entry, (elements, values, count) -> changed.merge(name, (long) count, Long::sum));
        }
        case WHOLE -> changed.put(name, entry.info().elementCount());
        case REMOVED ->
            throw BadInputException.of(
                artifact.path(),
                name,
                "is removed, which a patch cannot express; export a checkpoint");
      }
    }
    return changed;
  }

  private static List<TensorInfo> infos(DeltaArtifact artifact, Map<String, Long> changed) {
    List<TensorInfo> infos = new ArrayList<>();
    for (TensorEntry entry : artifact.tensors().values()) {
      TensorInfo info = entry.info();
      if (entry.kind() == TensorEntry.Kind.WHOLE) {
        infos.add(new TensorInfo(info.name() + VALUES, info.dtype(), info.shape()));
      } else {
        Shape shape = Shape.of(changed.get(info.name()));
        infos.add(new TensorInfo(info.name() + VALUES, info.dtype(), shape));
        infos.add(new TensorInfo(info.name() + INDICES, indexType(info), shape));
      }
    }
    return infos;
  }

  private static DType indexType(TensorInfo info) {
    return info.elementCount() > Integer.MAX_VALUE ? DType.I64 : DType.I32;
  }

  private static void write(
      SafetensorsWriter writer, TensorInfo info, DeltaArtifact artifact, PatchedTensors patched)
      throws IOException {
    String stored = info.name();
    String tensor = stored.substring(0, stored.length() - VALUES.length());
    TensorEntry entry = artifact.tensors().get(tensor);
    if (entry.kind() == TensorEntry.Kind.WHOLE) {
      writeWhole(writer, stored, patched, tensor);
    } else if (stored.endsWith(VALUES)) {
      int width = info.dtype().bits() / Byte.SIZE;
      patched.visit(
          entry,
          (elements, values, count) ->
              writer.write(stored, ByteBuffer.wrap(values, 0, count * width)));
    } else {
      patched.visit(
          entry,
          (elements, values, count) ->
              writer.write(stored, indices(elements, count, info.dtype())));
    }
  }

  private static void writeWhole(
      SafetensorsWriter writer, String stored, PatchedTensors patched, String tensor)
      throws IOException {
    var data = patched.whole(tensor);
    int step = 1 << 20;
    for (long at = 0; at < data.byteLength(); at += step) {
      writer.write(stored, data.slice(at, (int) Math.min(step, data.byteLength() - at)));
    }
  }

  private static ByteBuffer indices(long[] elements, int count, DType dtype) {
    ByteBuffer bytes =
        ByteBuffer.allocate((int) dtype.byteLength(count)).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < count; i++) {
      if (dtype == DType.I32) {
        bytes.putInt((int) elements[i]);
      } else {
        bytes.putLong(elements[i]);
      }
    }
    return bytes.flip();
  }

  private static Map<String, String> metadata(
      PatchedTensors patched, int tensors, long changedElements, long totalElements) {
    double share = totalElements == 0 ? 0 : (double) changedElements / totalElements;
    return Map.of(
        "format", "sparse_weight_patch",
        "version", "1",
        "sparse", "true",
        "encoding", "raw",
        "parent", patched.parentDigest().hex(),
        "num_changed_params", Integer.toString(tensors),
        "total_changed_elements", Long.toString(changedElements),
        "total_elements", Long.toString(totalElements),
        "sparsity", String.format(Locale.ROOT, "%.6f", 1 - share));
  }
}
