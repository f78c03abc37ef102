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
import java.util.stream.IntStream;

/** Checkpoints larger than a heap: bfloat16 matrices that repeat one block of random values. */
final class LargeWeights {
  private static final int BLOCK_BYTES = 4 << 20;
  private static final int TENSORS = 4;

  private LargeWeights() {}

  static Path write(Path file, long bytes, long seed) throws IOException {
    long elements = bytes / TENSORS / 2;
    List<TensorInfo> tensors =
        IntStream.range(0, TENSORS)
            .mapToObj(i -> new TensorInfo("layer." + i, DType.BF16, Shape.of(elements)))
            .toList();
    ByteBuffer block = block(new Random(seed));
    try (SafetensorsWriter writer = SafetensorsWriter.create(file, tensors, Map.of())) {
      for (TensorInfo tensor : writer.order()) {
        for (long left = tensor.byteLength(); left > 0; left -= BLOCK_BYTES) {
          writer.write(tensor.name(), block.slice(0, (int) Math.min(left, BLOCK_BYTES)));
        }
      }
      writer.commit();
    }
    return file;
  }

  private static ByteBuffer block(Random random) {
    ByteBuffer block = ByteBuffer.allocate(BLOCK_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    while (block.hasRemaining()) {
      block.putShort((short) (Float.floatToIntBits((float) random.nextGaussian()) >>> 16));
    }
    return block.flip();
  }
}
