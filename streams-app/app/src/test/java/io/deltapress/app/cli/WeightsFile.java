package io.deltapress.app.cli;

import io.deltapress.format.tensor.DType;
import io.deltapress.format.tensor.SafetensorsWriter;
import io.deltapress.format.tensor.Shape;
import io.deltapress.format.tensor.TensorInfo;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Small checkpoints: one bfloat16 matrix of normal values, and one vector that never changes. */
final class WeightsFile {
  static final int ROWS = 64;
  static final int COLUMNS = 48;

  /** The matrix, which differs between seeds. */
  static final String CHANGED = "layer.weight";

  private static final TensorInfo MATRIX =
      new TensorInfo(CHANGED, DType.BF16, Shape.of(ROWS, COLUMNS));
  private static final TensorInfo VECTOR =
      new TensorInfo("norm.weight", DType.BF16, Shape.of(COLUMNS));

  private WeightsFile() {}

  /** Writes a checkpoint; equal seeds give equal matrices. */
  static Path write(Path file, long seed) throws IOException {
    try (SafetensorsWriter writer =
        SafetensorsWriter.create(file, List.of(MATRIX, VECTOR), Map.of("format", "pt"))) {
      writer.write(MATRIX.name(), values(MATRIX, new Random(seed)));
      writer.write(VECTOR.name(), values(VECTOR, new Random(0)));
      writer.commit();
    }
    return file;
  }

  private static ByteBuffer values(TensorInfo info, Random random) {
    int elements = Math.toIntExact(info.elementCount());
    ByteBuffer bytes = ByteBuffer.allocate(2 * elements).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < elements; i++) {
      bytes.putShort((short) (Float.floatToIntBits((float) random.nextGaussian()) >>> 16));
    }
    return bytes.flip();
  }
}
