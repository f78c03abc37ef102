package io.deltapress.app.worker;

import io.deltapress.format.ProgressListener;
import io.deltapress.format.tensor.Checkpoint;
import io.deltapress.format.tensor.Checkpoints;
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
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** Small checkpoints: two F32 matrices and a vector, made from a seed. */
final class TestCheckpoints {
  static final int ROWS = 64;
  static final int COLUMNS = 48;
  static final int PARAMETERS = 2 * ROWS * COLUMNS + COLUMNS;
  static final List<String> TENSORS = List.of("layer.0.weight", "layer.1.weight", "norm.weight");

  private static final long BASE_SEED = 11;
  private static final float SMALLEST_DELTA = 0.001f;

  private TestCheckpoints() {}

  /** Writes a base as {@code model.safetensors} of a directory. */
  static Path base(Path directory) throws IOException {
    return write(directory, TENSORS, 0);
  }

  /** Writes a fine-tune of that base; each scale is another fine-tune. */
  static Path fineTuned(Path directory, int scale) throws IOException {
    return write(directory, TENSORS, scale);
  }

  /** Writes a checkpoint with some of the tensors only. */
  static Path write(Path directory, List<String> tensors, int scale) throws IOException {
    Files.createDirectories(directory);
    List<TensorInfo> infos = tensors.stream().map(TestCheckpoints::info).toList();
    Path file = directory.resolve("model.safetensors");
    try (SafetensorsWriter writer = SafetensorsWriter.create(file, infos, Map.of())) {
      for (TensorInfo info : writer.order()) {
        writer.write(info.name(), values(info, scale));
      }
      writer.commit();
    }
    return directory;
  }

  /** Fills the file's last tensor with a value. */
  static void fillNorm(Path directory, float value) throws IOException {
    Path file = directory.resolve("model.safetensors");
    byte[] bytes = Files.readAllBytes(file);
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 1; i <= COLUMNS; i++) {
      buffer.putFloat(bytes.length - i * Float.BYTES, value);
    }
    Files.write(file, bytes);
  }

  static String digest(Path checkpoint, Path cache) throws IOException {
    try (Checkpoint opened = Checkpoints.open(checkpoint)) {
      return new DigestCache(cache).weightsDigest(opened, ProgressListener.none()).hex();
    }
  }

  private static TensorInfo info(String name) {
    Shape shape = name.startsWith("norm") ? Shape.of(COLUMNS) : Shape.of(ROWS, COLUMNS);
    return new TensorInfo(name, DType.F32, shape);
  }

  private static ByteBuffer values(TensorInfo info, int scale) {
    SplittableRandom random = new SplittableRandom(BASE_SEED + info.name().hashCode());
    ByteBuffer values = ByteBuffer.allocate((int) info.byteLength()).order(ByteOrder.LITTLE_ENDIAN);
    while (values.hasRemaining()) {
      float base = (float) random.nextDouble();
      values.putFloat(base + scale * SMALLEST_DELTA * (float) random.nextDouble());
    }
    return values.flip();
  }
}
