package io.deltapress.djl.study;

import io.deltapress.djl.random.SplitMix64;
import io.deltapress.format.ProgressListener;
import io.deltapress.format.artifact.CompressionSettings;
import io.deltapress.format.artifact.CompressionSummary;
import io.deltapress.format.artifact.DeltaCompressor;
import io.deltapress.format.artifact.Method;
import io.deltapress.format.artifact.ValueCode;
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

/**
 * A base and a fine-tune of made-up numbers with matrices as large as real ones: shows what an
 * artifact weighs when its header does not matter. The size of everything but exact values depends
 * on the number of kept values alone.
 */
final class GeneratedPair {

  private static final List<Double> RATES = List.of(0.95, 0.99, 0.995);
  private static final int CHUNK_BYTES = 1 << 20;

  /** 1/64 in bfloat16. */
  private static final long SMALLEST = 0x3C80;

  private static final long SIGN = 0x8000;

  private GeneratedPair() {}

  /** Makes the pair in a directory, measures its artifacts, and deletes all of it. */
  static List<GeneratedSize> sizes(
      Path directory, StudyPlan.SizePlan plan, DigestCache digests, StudyListener listener)
      throws IOException {
    Path base = directory.resolve("generated-base.safetensors");
    Path fineTuned = directory.resolve("generated-fine-tuned.safetensors");
    Path artifact = directory.resolve("generated-artifact.safetensors");
    try {
      listener.working("writing a generated pair");
      write(base, plan.generated(), 0);
      write(fineTuned, plan.generated(), 1);
      try (Checkpoint from = Checkpoints.open(base);
          Checkpoint to = Checkpoints.open(fineTuned)) {
        return sizes(from, to, plan.values(), artifact, digests, listener);
      }
    } finally {
      Files.deleteIfExists(base);
      Files.deleteIfExists(fineTuned);
      Files.deleteIfExists(artifact);
    }
  }

  private static List<GeneratedSize> sizes(
      Checkpoint base,
      Checkpoint fineTuned,
      List<ValueCode> values,
      Path artifact,
      DigestCache digests,
      StudyListener listener)
      throws IOException {
    List<GeneratedSize> sizes = new ArrayList<>();
    for (double pruneRate : RATES) {
      for (ValueCode code : values) {
        listener.working("generated pair, %s, p = %s".formatted(code.wireName(), pruneRate));
        CompressionSettings settings =
            CompressionSettings.builder(Method.DARE, pruneRate).seed(1).values(code).build();
        CompressionSummary summary =
            new DeltaCompressor(digests)
                .compress(
                    base, fineTuned, settings, artifact, Long.MAX_VALUE, ProgressListener.none());
        sizes.add(
            new GeneratedSize(
                summary.parameters(),
                summary.denseBytes(),
                pruneRate,
                code,
                summary.artifactBytes(),
                (double) summary.denseBytes() / summary.artifactBytes()));
      }
    }
    return sizes;
  }

  private static void write(Path file, List<long[]> matrices, int steps) throws IOException {
    List<TensorInfo> infos = new ArrayList<>();
    for (int i = 0; i < matrices.size(); i++) {
      infos.add(new TensorInfo("matrix." + i + ".weight", DType.BF16, Shape.of(matrices.get(i))));
    }
    try (CheckpointWriter writer = CheckpointWriter.create(file, infos, Map.of(), Long.MAX_VALUE)) {
      for (TensorInfo info : writer.order()) {
        write(writer, info, steps);
      }
      writer.commit();
    }
  }

  /** Weights of 1/64 to 1/16 and either sign, moved away from 0 by 0 to 3 steps of bf16 each. */
  private static void write(CheckpointWriter writer, TensorInfo info, int steps)
      throws IOException {
    SplitMix64 random = new SplitMix64(info.byteLength());
    ByteBuffer chunk = ByteBuffer.allocate(CHUNK_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (long left = info.byteLength(); left > 0; left -= chunk.limit()) {
      chunk.clear().limit((int) Math.min(CHUNK_BYTES, left));
      while (chunk.hasRemaining()) {
        long bits = random.nextLong();
        long magnitude = SMALLEST + (bits & 0xFF) + steps * ((bits >>> 8) & 3);
        chunk.putShort((short) (magnitude | (bits & SIGN)));
      }
      writer.write(info.name(), chunk.flip());
    }
  }
}
