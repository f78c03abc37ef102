package io.deltapress.follower;

import io.deltapress.format.ProgressListener;
import io.deltapress.format.artifact.CompressionSettings;
import io.deltapress.format.artifact.CompressionSummary;
import io.deltapress.format.artifact.DeltaApplier;
import io.deltapress.format.artifact.DeltaArtifact;
import io.deltapress.format.artifact.DeltaCompressor;
import io.deltapress.format.artifact.Method;
import io.deltapress.format.delta.LinearInput.Orientation;
import io.deltapress.format.edit.EditApplier;
import io.deltapress.format.edit.EditArtifact;
import io.deltapress.format.edit.EditArtifactWriter;
import io.deltapress.format.edit.EditIdentity;
import io.deltapress.format.edit.EditedWeight;
import io.deltapress.format.edit.Foundation;
import io.deltapress.format.edit.LowRankShift;
import io.deltapress.format.lora.FineTunes;
import io.deltapress.format.tensor.Checkpoint;
import io.deltapress.format.tensor.CheckpointWriter;
import io.deltapress.format.tensor.Checkpoints;
import io.deltapress.format.tensor.DType;
import io.deltapress.format.tensor.DigestCache;
import io.deltapress.format.tensor.Shape;
import io.deltapress.format.tensor.TensorInfo;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A small base on disk, and artifacts of fine-tunes of it. */
final class SampleModel {
  private static final List<TensorInfo> TENSORS =
      List.of(
          new TensorInfo("embed.weight", DType.BF16, Shape.of(64, 32)),
          new TensorInfo("layers.0.weight", DType.BF16, Shape.of(64, 64)),
          new TensorInfo("layers.1.weight", DType.F32, Shape.of(32, 64)),
          new TensorInfo("norm.weight", DType.BF16, Shape.of(32)));
  private static final long SHARD_BYTES = 13_000;
  private static final int BF16_SHIFT = 16;

  private final Path work;
  private final Path base;
  private final DigestCache cache;

  /** An artifact on disk. */
  record Artifact(List<Path> shards, CompressionSettings settings, CompressionSummary summary) {}

  private SampleModel(Path work) {
    this.work = work;
    this.base = work.resolve("bases").resolve("tiny");
    this.cache = new DigestCache(work.resolve("digests"));
  }

  static SampleModel create(Path work) throws IOException {
    SampleModel model = new SampleModel(work);
    Files.createDirectories(model.base.getParent());
    write(model.base, 0);
    Files.writeString(model.base.resolve("config.json"), "{\"model_type\": \"tiny\"}\n");
    return model;
  }

  /** The directory below which the base is. */
  Path basesRoot() {
    return base.getParent();
  }

  Path base() {
    return base;
  }

  String baseDigest() throws IOException {
    return digest(base);
  }

  /** The weights digest of a checkpoint. */
  String digest(Path checkpoint) throws IOException {
    try (Checkpoint opened = Checkpoints.open(checkpoint)) {
      return cache.weightsDigest(opened, ProgressListener.none()).hex();
    }
  }

  /** An artifact in several shards. */
  Artifact artifact(int seed) throws IOException {
    Path fineTuned = work.resolve("fine-tuned-" + seed);
    Path out = work.resolve("artifact-" + seed);
    write(fineTuned, seed);
    CompressionSettings settings = CompressionSettings.builder(Method.DARE, 0.5).seed(seed).build();
    try (Checkpoint left = Checkpoints.open(base);
        Checkpoint right = Checkpoints.open(fineTuned)) {
      CompressionSummary summary =
          new DeltaCompressor(cache)
              .compress(left, right, settings, out, SHARD_BYTES, ProgressListener.none());
      try (Stream<Path> files = Files.list(out)) {
        List<Path> shards =
            files.filter(file -> file.toString().endsWith(".safetensors")).sorted().toList();
        return new Artifact(shards, settings, summary);
      }
    }
  }

  /** The result of an artifact, written once. */
  Path foundation(Artifact artifact) throws IOException {
    Path out = work.resolve("foundation-" + artifact.settings().seed());
    if (!Files.exists(out)) {
      try (Checkpoint opened = Checkpoints.open(base);
          DeltaArtifact delta = DeltaArtifact.open(artifact.shards())) {
        new DeltaApplier(cache).apply(opened, delta, out, ProgressListener.none());
      }
    }
    return out;
  }

  /**
   * An edit of two weights of a foundation.
   *
   * @param seed of its factors
   */
  Path edit(Path foundation, String editId, int seed) throws IOException {
    Random factors = new Random(seed);
    Path out = work.resolve("%s-%d.safetensors".formatted(editId, seed));
    try (Checkpoint opened = Checkpoints.open(foundation)) {
      Foundation digested = Foundation.of(opened, cache, ProgressListener.none());
      Map<String, EditedWeight> weights = new TreeMap<>();
      List<LowRankShift> shifts = new ArrayList<>();
      for (String name : List.of("layers.0.weight", "layers.1.weight")) {
        EditedWeight weight =
            new EditedWeight(digested.digests().get(name), Orientation.OUTPUT_INPUT);
        weights.put(name, weight);
        shifts.add(
            new LowRankShift(
                name,
                2,
                weight.inputs(),
                weight.outputs(),
                floats(2 * weight.inputs(), factors),
                floats(weight.outputs() * 2, factors)));
      }
      EditArtifactWriter.write(
          out, EditIdentity.of(editId, digested.digest(), "mend"), weights, shifts);
    }
    return out;
  }

  /** The weights digest of a foundation with edits on it. */
  String edited(Path foundation, List<Path> edits) throws IOException {
    List<EditArtifact> opened = new ArrayList<>();
    for (Path edit : edits) {
      opened.add(EditArtifact.open(edit));
    }
    try (Checkpoint checkpoint = Checkpoints.open(foundation)) {
      Foundation digested = Foundation.of(checkpoint, cache, ProgressListener.none());
      return EditApplier.verify(digested, opened, ProgressListener.none()).result().hex();
    } finally {
      opened.forEach(EditArtifact::close);
    }
  }

  /** The weights digest of a foundation with a PEFT adapter merged into it. */
  String merged(Path foundation, Path adapter) throws IOException {
    try (Checkpoint checkpoint = Checkpoints.open(foundation);
        Checkpoint merged = FineTunes.open(checkpoint, adapter)) {
      return cache.weightsDigest(merged, ProgressListener.none()).hex();
    }
  }

  private static float[] floats(int count, Random random) {
    float[] floats = new float[count];
    for (int i = 0; i < count; i++) {
      floats[i] = 0.1f * (float) random.nextGaussian();
    }
    return floats;
  }

  /** The same values for every seed, a little changed unless the seed is 0. */
  private static void write(Path directory, int seed) throws IOException {
    Random values = new Random(1);
    Random changes = new Random(seed);
    try (CheckpointWriter writer =
        CheckpointWriter.create(
            directory, TENSORS, Map.of(), CheckpointWriter.DEFAULT_MAX_SHARD_BYTES)) {
      for (TensorInfo info : writer.order()) {
        writer.write(info.name(), bytes(info, values, seed == 0 ? null : changes));
      }
      writer.commit();
    }
  }

  private static ByteBuffer bytes(TensorInfo info, Random values, @Nullable Random changes) {
    ByteBuffer bytes = ByteBuffer.allocate((int) info.byteLength()).order(ByteOrder.LITTLE_ENDIAN);
    while (bytes.hasRemaining()) {
      float value = (float) values.nextGaussian();
      float changed = changes == null ? value : value + 0.05f * (float) changes.nextGaussian();
      if (info.dtype() == DType.F32) {
        bytes.putFloat(changed);
      } else {
        bytes.putShort((short) (Float.floatToIntBits(changed) >>> BF16_SHIFT));
      }
    }
    return bytes.flip();
  }
}
