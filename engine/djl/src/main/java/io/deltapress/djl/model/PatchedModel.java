package io.deltapress.djl.model;

import ai.djl.ndarray.NDManager;
import io.deltapress.djl.memory.ArrayWriter;
import io.deltapress.format.BadInputException;
import io.deltapress.format.ProgressListener;
import io.deltapress.format.artifact.DeltaArtifact;
import io.deltapress.format.artifact.PatchedTensors;
import io.deltapress.format.artifact.TensorEntry;
import io.deltapress.format.tensor.Checkpoint;
import io.deltapress.format.tensor.Checkpoints;
import io.deltapress.format.tensor.DigestCache;
import io.deltapress.format.tensor.TensorInfo;
import io.deltapress.format.tensor.WeightsDigest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;

/**
 * A base that stays loaded while one fine-tune of it after the other is put on and taken off again.
 *
 * <p>Putting on an artifact costs what it changes, and taking it off gives the weights of the base
 * bit for bit: they are read from its checkpoint again, never computed back. Belongs to one thread.
 */
public final class PatchedModel implements AutoCloseable {

  private final Checkpoint base;
  private final TransformerModel model;
  private final DigestCache digests;
  private final List<Patch> patches = new ArrayList<>();
  private final Map<String, TensorInfo> stored = new HashMap<>();

  private PatchedModel(Checkpoint base, TransformerModel model, DigestCache digests) {
    this.base = base;
    this.model = model;
    this.digests = digests;
  }

  /**
   * What of a tensor is not the base's.
   *
   * @param tensor its name
   * @param elements ascending row-major indices; empty for the whole tensor
   */
  private record Patch(String tensor, long[] elements) {}

  /**
   * Loads a base.
   *
   * @param manager whose device is used, and which closes the model at the latest
   * @param directory a Hugging Face directory
   * @param digests where checksums of the base are looked up
   * @return the base, nothing put on it; closed by the caller
   * @throws BadInputException when the model is unusable
   * @throws IOException when a file cannot be read
   */
  public static PatchedModel open(NDManager manager, Path directory, DigestCache digests)
      throws IOException {
    TransformerModel model = ModelDirectory.load(manager, directory);
    try {
      return new PatchedModel(Checkpoints.open(directory), model, digests);
    } catch (IOException e) {
      model.close();
      throw e;
    }
  }

  /**
   * Gives the model with whatever is put on it at the time.
   *
   * @return the model, closed with this
   */
  public TransformerModel model() {
    return model;
  }

  /**
   * Says how a tensor of the model is stored in what is loaded at the time.
   *
   * @param tensor a tensor of the model
   * @return its type and shape in the base, or in what is put on it
   */
  public TensorInfo info(String tensor) {
    TensorInfo info = stored.get(tensor);
    return info != null ? info : Objects.requireNonNull(base.tensors().get(tensor), tensor);
  }

  /**
   * Identifies the base.
   *
   * @param cache where the digest is looked up
   * @return digest of its weights
   * @throws IOException when they cannot be read
   */
  public WeightsDigest baseDigest(DigestCache cache) throws IOException {
    return cache.weightsDigest(base, ProgressListener.none());
  }

  /**
   * Puts an artifact on the base, after taking off what was on it. When this fails, the base is as
   * it was.
   *
   * @param artifact an artifact whose parent is this base; stays the caller's
   * @throws io.deltapress.format.IntegrityException when it is damaged, has another parent or does
   *     not give the result it promises
   * @throws BadInputException when it changes a shape, or holds a tensor this model has no place
   *     for
   * @throws IOException when a file cannot be read
   */
  public void apply(DeltaArtifact artifact) throws IOException {
    undo();
    PatchedTensors tensors = PatchedTensors.of(base, artifact, digests, ProgressListener.none());
    try {
      for (TensorEntry entry : artifact.tensors().values()) {
        apply(tensors, entry, artifact.path());
      }
    } catch (IOException e) {
      undo();
      throw e;
    }
  }

  private void apply(PatchedTensors tensors, TensorEntry entry, Path artifact) throws IOException {
    TensorInfo info = entry.info();
    if (!model.weights().arrays().containsKey(info.name())) {
      return;
    }
    stored.put(info.name(), info);
    if (entry.kind() == TensorEntry.Kind.PRUNED) {
      tensors.visit(entry, (elements, values, count) -> put(info, elements, values, count));
    } else {
      requireSameShape(artifact, info);
      patches.add(new Patch(info.name(), new long[0]));
      WeightsReader.copy(artifact, tensors.whole(info.name()), info.name(), model.weights());
    }
  }

  private void put(TensorInfo info, long[] elements, byte[] values, int count) throws IOException {
    if (count == 0) {
      return;
    }
    long[] changed = Arrays.copyOf(elements, count);
    patches.add(new Patch(info.name(), changed));
    ByteBuffer bytes = ByteBuffer.wrap(values).order(ByteOrder.LITTLE_ENDIAN);
    float[] floats = WeightsReader.floats(base.path(), info, bytes, count);
    ArrayWriter.put(model.weights().get(info.name()), changed, floats);
  }

  /**
   * Puts a whole fine-tune on the base, after taking off what was on it. When this fails, the base
   * is as it was.
   *
   * @param fineTuned a checkpoint with the base's tensors; stays the caller's
   * @throws BadInputException when a tensor is missing or has another shape
   * @throws IOException when a file cannot be read
   */
  public void apply(Checkpoint fineTuned) throws IOException {
    undo();
    try {
      for (String tensor : model.weights().arrays().keySet()) {
        TensorInfo info = fineTuned.tensors().get(tensor);
        if (info == null) {
          throw BadInputException.of(
              BadInputException.Kind.MISSING_TENSOR,
              fineTuned.path(),
              tensor,
              "missing, although the base has it; supply a fine-tune of this base");
        }
        requireSameShape(fineTuned.path(), info);
        stored.put(tensor, info);
        patches.add(new Patch(tensor, new long[0]));
        WeightsReader.copy(fineTuned.path(), fineTuned.data(tensor), tensor, model.weights());
      }
    } catch (IOException e) {
      undo();
      throw e;
    }
  }

  private void requireSameShape(Path source, TensorInfo info) throws BadInputException {
    TensorInfo old = base.tensors().get(info.name());
    if (old == null || !old.shape().equals(info.shape())) {
      throw BadInputException.of(
          source,
          info.name(),
          "has another shape than in the base, which is loaded; load the whole model instead");
    }
  }

  /**
   * Takes off what is on the base. Doing it again changes nothing.
   *
   * @throws IOException when the base cannot be read
   */
  public void undo() throws IOException {
    TreeSet<String> whole = new TreeSet<>();
    for (Patch patch : patches) {
      if (patch.elements().length == 0) {
        whole.add(patch.tensor());
      }
    }
    for (String tensor : whole) {
      WeightsReader.copy(base.path(), base.data(tensor), tensor, model.weights());
    }
    for (Patch patch : patches) {
      if (!whole.contains(patch.tensor())) {
        float[] before =
            WeightsReader.gather(base.path(), base.data(patch.tensor()), patch.elements());
        ArrayWriter.put(model.weights().get(patch.tensor()), patch.elements(), before);
      }
    }
    patches.clear();
    stored.clear();
  }

  @Override
  public void close() {
    model.close();
    base.close();
  }
}
