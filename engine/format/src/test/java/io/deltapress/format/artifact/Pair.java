package io.deltapress.format.artifact;

import io.deltapress.format.delta.BFloat16;
import io.deltapress.format.delta.Binary16;
import io.deltapress.format.tensor.Checkpoint;
import io.deltapress.format.tensor.Checkpoints;
import io.deltapress.format.tensor.DType;
import io.deltapress.format.tensor.SafetensorsWriter;
import io.deltapress.format.tensor.Shape;
import io.deltapress.format.tensor.TensorData;
import io.deltapress.format.tensor.TensorInfo;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;

/** A base and a fine-tune that a test makes up, as bytes by name and as files. */
public final class Pair {
  public final Map<String, TensorInfo> baseInfos = new TreeMap<>();
  public final Map<String, byte[]> base = new TreeMap<>();
  public final Map<String, TensorInfo> fineTunedInfos = new TreeMap<>();
  public final Map<String, byte[]> fineTuned = new TreeMap<>();
  private final SplittableRandom random;

  public Pair(long seed) {
    random = new SplittableRandom(seed);
  }

  /** A tensor of ordinary weights with ordinary deltas, a third of which are zero. */
  public Pair weights(String name, DType dtype, long... shape) {
    TensorInfo info = new TensorInfo(name, dtype, Shape.of(shape));
    int elements = (int) info.elementCount();
    double[] old = new double[elements];
    double[] tuned = new double[elements];
    for (int i = 0; i < elements; i++) {
      old[i] = random.nextGaussian() * 0.05;
      tuned[i] = random.nextInt(3) == 0 ? old[i] : old[i] + random.nextGaussian() * 0.002;
    }
    return tensor(info, bytes(dtype, old), bytes(dtype, tuned));
  }

  public Pair tensor(TensorInfo info, byte[] old, byte[] tuned) {
    baseInfos.put(info.name(), info);
    base.put(info.name(), old);
    return fineTuned(info, tuned);
  }

  public Pair fineTuned(TensorInfo info, byte[] tuned) {
    fineTunedInfos.put(info.name(), info);
    fineTuned.put(info.name(), tuned);
    return this;
  }

  Checkpoint writeBase(Path file) throws IOException {
    return write(file, baseInfos, base);
  }

  Checkpoint writeFineTuned(Path file) throws IOException {
    return write(file, fineTunedInfos, fineTuned);
  }

  static Checkpoint write(Path file, Map<String, TensorInfo> infos, Map<String, byte[]> bytes)
      throws IOException {
    try (SafetensorsWriter writer =
        SafetensorsWriter.create(file, infos.values(), Map.of("format", "pt"))) {
      for (TensorInfo info : writer.order()) {
        writer.write(info.name(), ByteBuffer.wrap(bytes.get(info.name())));
      }
      writer.commit();
    }
    return Checkpoints.open(file);
  }

  public static byte[] bytes(DType dtype, double... values) {
    ByteBuffer buffer =
        ByteBuffer.allocate((int) dtype.byteLength(values.length)).order(ByteOrder.LITTLE_ENDIAN);
    for (double value : values) {
      switch (dtype) {
        case BF16 -> buffer.putShort(BFloat16.fromFloat((float) value));
        case F16 -> buffer.putShort(Binary16.fromFloat((float) value));
        case F32 -> buffer.putFloat((float) value);
        case F64 -> buffer.putDouble(value);
        default -> throw new IllegalArgumentException(dtype.name());
      }
    }
    return buffer.array();
  }

  public static Map<String, byte[]> read(Path path) throws IOException {
    Map<String, byte[]> all = new TreeMap<>();
    try (Checkpoint checkpoint = Checkpoints.open(path)) {
      for (String name : checkpoint.tensors().keySet()) {
        TensorData data = checkpoint.data(name);
        byte[] bytes = new byte[(int) data.byteLength()];
        data.copyTo(0, bytes, 0, bytes.length);
        all.put(name, bytes);
      }
    }
    return all;
  }

  public static List<String> names(Path directory) throws IOException {
    try (var children = Files.list(directory)) {
      return new ArrayList<>(
          children.map(child -> child.getFileName().toString()).sorted().toList());
    }
  }
}
