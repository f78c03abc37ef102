package io.deltapress.format.lora;

import io.deltapress.format.artifact.Pair;
import io.deltapress.format.delta.OnceRounded;
import io.deltapress.format.tensor.DType;
import io.deltapress.format.tensor.SafetensorsWriter;
import io.deltapress.format.tensor.Shape;
import io.deltapress.format.tensor.TensorInfo;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;

/** Adapters and bases that tests make up, as values and as files. */
public final class AdapterFiles {
  static final String PREFIX = "base_model.model.";
  static final String CONFIG =
      """
      {"peft_type": "LORA", "r": 2, "lora_alpha": 6, "target_modules": ["q"], "bias": "none"}
      """;

  public final Map<String, TensorInfo> infos = new TreeMap<>();
  public final Map<String, double[]> values = new TreeMap<>();
  private final SplittableRandom random = new SplittableRandom(4);

  /** Adds a tensor of normal numbers, rounded to its type. */
  public AdapterFiles tensor(String name, DType dtype, long... shape) {
    TensorInfo info = new TensorInfo(name, dtype, Shape.of(shape));
    double[] drawn = new double[(int) info.elementCount()];
    for (int i = 0; i < drawn.length; i++) {
      drawn[i] = random.nextGaussian() * 0.3;
    }
    return tensor(info, drawn);
  }

  public AdapterFiles tensor(TensorInfo info, double... numbers) {
    ByteBuffer bytes = bytes(info.dtype(), numbers);
    double[] rounded = new double[numbers.length];
    for (int i = 0; i < rounded.length; i++) {
      rounded[i] = OnceRounded.get(info.dtype(), bytes);
    }
    infos.put(info.name(), info);
    values.put(info.name(), rounded);
    return this;
  }

  /** Adds both factors of a layer. */
  AdapterFiles layer(String module, DType dtype, int rank, long inputs, long outputs) {
    tensor(PREFIX + module + ".lora_A.weight", dtype, rank, inputs);
    return tensor(PREFIX + module + ".lora_B.weight", dtype, outputs, rank);
  }

  public static ByteBuffer bytes(DType dtype, double... numbers) {
    return ByteBuffer.wrap(Pair.bytes(dtype, numbers)).order(ByteOrder.LITTLE_ENDIAN);
  }

  public Path writeFile(Path file) throws IOException {
    try (SafetensorsWriter writer =
        SafetensorsWriter.create(file, infos.values(), Map.of("format", "pt"))) {
      for (TensorInfo info : writer.order()) {
        writer.write(info.name(), bytes(info.dtype(), values.get(info.name())));
      }
      writer.commit();
    }
    return file;
  }

  Path writeAdapter(Path directory, String config) throws IOException {
    Files.createDirectories(directory);
    Files.writeString(directory.resolve("adapter_config.json"), config);
    writeFile(directory.resolve("adapter_model.safetensors"));
    return directory;
  }
}
