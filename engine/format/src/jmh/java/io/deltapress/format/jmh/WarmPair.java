package io.deltapress.format.jmh;

import io.deltapress.format.delta.BFloat16;
import io.deltapress.format.tensor.Checkpoint;
import io.deltapress.format.tensor.Checkpoints;
import io.deltapress.format.tensor.DType;
import io.deltapress.format.tensor.SafetensorsWriter;
import io.deltapress.format.tensor.Shape;
import io.deltapress.format.tensor.TensorInfo;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/** A bf16 base and its fine-tune of 64 million parameters, in files that the page cache holds. */
final class WarmPair implements Closeable {
  static final String TENSOR = "model.layers.0.mlp.up_proj.weight";
  static final int MILLIONS = 64;

  private static final TensorInfo INFO =
      new TensorInfo(TENSOR, DType.BF16, Shape.of(8000, MILLIONS * 1_000_000L / 8000));

  final Path directory;
  final Checkpoint base;
  final Checkpoint fineTuned;

  private WarmPair(Path directory) throws IOException {
    this.directory = directory;
    this.base = write("base.safetensors", 0);
    this.fineTuned = write("fine-tuned.safetensors", 0.0005);
  }

  static WarmPair create() throws IOException {
    return new WarmPair(Files.createTempDirectory("deltapress-jmh"));
  }

  private Checkpoint write(String name, double deviation) throws IOException {
    SplittableRandom weights = new SplittableRandom(1);
    SplittableRandom deltas = new SplittableRandom(2);
    Path file = directory.resolve(name);
    ByteBuffer piece = ByteBuffer.allocate(1 << 20).order(ByteOrder.LITTLE_ENDIAN);
    try (SafetensorsWriter writer = SafetensorsWriter.create(file, List.of(INFO), Map.of())) {
      for (long left = INFO.elementCount(); left > 0; left -= piece.capacity() / 2) {
        piece.clear();
        for (long i = Math.min(left, piece.capacity() / 2); i > 0; i--) {
          // Uniform rather than normal: quicker to make, and the kernels do not care.
          double weight = (weights.nextDouble() - 0.5) * 0.1;
          double delta = (deltas.nextDouble() - 0.5) * deviation * 3.46;
          piece.putShort(BFloat16.fromFloat((float) (weight + delta)));
        }
        writer.write(TENSOR, piece.flip());
      }
      writer.commit();
    }
    return Checkpoints.open(file);
  }

  @Override
  public void close() throws IOException {
    base.close();
    fineTuned.close();
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(directory);
  }
}
