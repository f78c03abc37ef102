package io.deltapress.it;

import io.deltapress.format.tensor.CheckpointWriter;
import io.deltapress.format.tensor.DType;
import io.deltapress.format.tensor.Shape;
import io.deltapress.format.tensor.TensorInfo;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Checkpoints in bf16 as a training job would leave them: normal weights, and a fine-tune whose
 * delta is small against them.
 */
final class Weights {
  private static final int BF16_BYTES = 2;

  private final List<TensorInfo> tensors;
  private final long seed;

  private Weights(List<TensorInfo> tensors, long seed) {
    this.tensors = tensors;
    this.seed = seed;
  }

  /**
   * @param count number of matrices
   * @param rows rows of each; every matrix has 1,024 columns
   */
  static Weights of(int count, int rows, long seed) {
    List<TensorInfo> tensors = new ArrayList<>();
    tensors.add(new TensorInfo("model.embed_tokens.weight", DType.BF16, Shape.of(64, 32)));
    for (int layer = 0; layer < count; layer++) {
      tensors.add(
          new TensorInfo(
              "model.layers." + layer + ".mlp.down_proj.weight", DType.BF16, Shape.of(rows, 1024)));
    }
    return new Weights(tensors, seed);
  }

  Weights withEmbeddingRows(int rows) {
    List<TensorInfo> resized = new ArrayList<>(tensors);
    resized.set(0, new TensorInfo(tensors.get(0).name(), DType.BF16, Shape.of(rows, 32)));
    return new Weights(resized, seed);
  }

  Path writeBase(Path directory) {
    return write(directory, (random, element) -> bf16(random));
  }

  /** The base with a delta of about a hundredth of its size on every weight. */
  Path writeFineTuned(Path directory, long deltaSeed) {
    SplittableRandom deltas = new SplittableRandom(deltaSeed);
    return write(directory, (random, element) -> nudged(bf16(random), deltas));
  }

  /** Like {@link #writeFineTuned}, with a NaN as the last weight of every tensor. */
  Path writeFineTunedWithNan(Path directory, long deltaSeed) {
    SplittableRandom deltas = new SplittableRandom(deltaSeed);
    return write(
        directory,
        (random, element) -> {
          short weight = nudged(bf16(random), deltas);
          return element.isLast() ? (short) 0x7fc0 : weight;
        });
  }

  /** One position of a tensor. */
  private record Element(long index, long count) {
    boolean isLast() {
      return index == count - 1;
    }
  }

  private interface Bits {
    short at(SplittableRandom random, Element element);
  }

  private Path write(Path directory, Bits bits) {
    SplittableRandom random = new SplittableRandom(seed);
    try (CheckpointWriter writer =
        CheckpointWriter.create(
            directory, tensors, Map.of("format", "pt"), CheckpointWriter.DEFAULT_MAX_SHARD_BYTES)) {
      for (TensorInfo tensor : writer.order()) {
        long count = tensor.elementCount();
        ByteBuffer buffer =
            ByteBuffer.allocate(Math.toIntExact(count * BF16_BYTES)).order(ByteOrder.LITTLE_ENDIAN);
        for (long i = 0; i < count; i++) {
          buffer.putShort(bits.at(random, new Element(i, count)));
        }
        writer.write(tensor.name(), buffer.flip());
      }
      writer.commit();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return directory;
  }

  private static short bf16(SplittableRandom random) {
    float uniform = (float) (random.nextDouble() - 0.5) * 0.2f;
    return (short) (Float.floatToRawIntBits(uniform) >>> 16);
  }

  private static short nudged(short weight, SplittableRandom deltas) {
    float value = Float.intBitsToFloat(weight << 16);
    float tuned = value + (float) (deltas.nextDouble() - 0.5) * 0.002f;
    return (short) (Float.floatToRawIntBits(tuned) >>> 16);
  }
}
