package io.deltapress.format.export;

import io.deltapress.format.BadInputException;
import io.deltapress.format.ProgressListener;
import io.deltapress.format.artifact.DeltaArtifact;
import io.deltapress.format.artifact.PatchedTensors;
import io.deltapress.format.edit.EditAccumulator;
import io.deltapress.format.edit.EditArtifact;
import io.deltapress.format.edit.EditedCheckpoint;
import io.deltapress.format.edit.Foundation;
import io.deltapress.format.tensor.Checkpoint;
import io.deltapress.format.tensor.DType;
import io.deltapress.format.tensor.DigestCache;
import io.deltapress.format.tensor.SafetensorsWriter;
import io.deltapress.format.tensor.Shape;
import io.deltapress.format.tensor.TensorData;
import io.deltapress.format.tensor.TensorDigest;
import io.deltapress.format.tensor.TensorInfo;
import io.deltapress.format.tensor.WeightsDigest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

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
    return write(new DeltaChanges(artifact, patched), out);
  }

  /**
   * Writes the patch of edits, to be made in their foundation: each shifted weight is compared
   * three times. Memory holds the sums of all of them, eight bytes per element.
   *
   * @param edits in the order of their list
   * @param progress told of bytes of the foundation that are changed, each three times
   * @throws BadInputException if an edit is given twice, or a result is not finite
   * @throws io.deltapress.format.IntegrityException if the edits are of another foundation; nothing
   *     is left behind
   */
  public static PatchSummary export(
      Foundation foundation, List<EditArtifact> edits, Path out, ProgressListener progress)
      throws IOException {
    return export(
        foundation.checkpoint(), foundation.digest(), foundation.digests(), edits, out, progress);
  }

  /**
   * The same where the digest of the foundation is known: nothing is read of weights that no edit
   * shifts.
   *
   * @param parent weights digest of the foundation, believed
   * @param digests of weights of the foundation, by name, likewise; others are computed
   */
  public static PatchSummary export(
      Checkpoint foundation,
      WeightsDigest parent,
      Map<String, TensorDigest> digests,
      List<EditArtifact> edits,
      Path out,
      ProgressListener progress)
      throws IOException {
    EditAccumulator sums = new EditAccumulator();
    for (EditArtifact edit : edits) {
      sums.add(edit);
    }
    EditedCheckpoint edited = EditedCheckpoint.of(foundation, digests, sums);
    return write(new EditChanges(foundation, parent, edited, progress), out);
  }

  private static PatchSummary write(ChangedTensors changes, Path out) throws IOException {
    Map<String, Long> changed = count(changes);
    List<TensorInfo> infos = infos(changes, changed);
    long changedElements = changed.values().stream().mapToLong(Long::longValue).sum();
    long totalElements =
        changes.resultTensors().values().stream().mapToLong(TensorInfo::elementCount).sum();
    Map<String, String> metadata =
        metadata(changes.parent(), changed.size(), changedElements, totalElements);
    Set<String> replaced =
        changes.replaced().stream().map(TensorInfo::name).collect(Collectors.toSet());
    try (SafetensorsWriter writer = SafetensorsWriter.create(out, infos, metadata)) {
      for (TensorInfo info : writer.order()) {
        write(writer, info, changes, replaced);
      }
      writer.commit();
    }
    return new PatchSummary(changed.size(), changedElements, totalElements, Files.size(out));
  }

  private static Map<String, Long> count(ChangedTensors changes) throws IOException {
    Map<String, Long> changed = new TreeMap<>();
    for (TensorInfo info : changes.patched()) {
      changed.put(info.name(), 0L);
      changes.visit(
          info.name(),
          (elements, values, count) -> changed.merge(info.name(), (long) count, Long::sum));
    }
    changes.replaced().forEach(info -> changed.put(info.name(), info.elementCount()));
    return changed;
  }

  private static List<TensorInfo> infos(ChangedTensors changes, Map<String, Long> changed) {
    List<TensorInfo> infos = new ArrayList<>();
    for (TensorInfo info : changes.patched()) {
      Shape shape = Shape.of(changed.get(info.name()));
      infos.add(new TensorInfo(info.name() + VALUES, info.dtype(), shape));
      infos.add(new TensorInfo(info.name() + INDICES, indexType(info), shape));
    }
    for (TensorInfo info : changes.replaced()) {
      infos.add(new TensorInfo(info.name() + VALUES, info.dtype(), info.shape()));
    }
    return infos;
  }

  private static DType indexType(TensorInfo info) {
    return info.elementCount() > Integer.MAX_VALUE ? DType.I64 : DType.I32;
  }

  private static void write(
      SafetensorsWriter writer, TensorInfo info, ChangedTensors changes, Set<String> replaced)
      throws IOException {
    String stored = info.name();
    String tensor = stored.substring(0, stored.length() - VALUES.length());
    if (replaced.contains(tensor)) {
      writeWhole(writer, stored, changes.whole(tensor));
    } else if (stored.endsWith(VALUES)) {
      int width = info.dtype().bits() / Byte.SIZE;
      changes.visit(
          tensor,
          (elements, values, count) ->
              writer.write(stored, ByteBuffer.wrap(values, 0, count * width)));
    } else {
      changes.visit(
          tensor,
          (elements, values, count) ->
              writer.write(stored, indices(elements, count, info.dtype())));
    }
  }

  private static void writeWhole(SafetensorsWriter writer, String stored, TensorData data)
      throws IOException {
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
      WeightsDigest parent, int tensors, long changedElements, long totalElements) {
    double share = totalElements == 0 ? 0 : (double) changedElements / totalElements;
    return Map.of(
        "format", "sparse_weight_patch",
        "version", "1",
        "sparse", "true",
        "encoding", "raw",
        "parent", parent.hex(),
        "num_changed_params", Integer.toString(tensors),
        "total_changed_elements", Long.toString(changedElements),
        "total_elements", Long.toString(totalElements),
        "sparsity", String.format(Locale.ROOT, "%.6f", 1 - share));
  }
}
