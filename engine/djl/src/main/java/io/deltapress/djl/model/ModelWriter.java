package io.deltapress.djl.model;

import io.deltapress.format.delta.Binary16;
import io.deltapress.format.tensor.Checkpoint;
import io.deltapress.format.tensor.CheckpointWriter;
import io.deltapress.format.tensor.DType;
import io.deltapress.format.tensor.Shape;
import io.deltapress.format.tensor.TensorInfo;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/**
 * Writes a model's weights, rounded to nearest even, as a directory that appears whole or not at
 * all.
 *
 * @param model whose weights are written
 * @param like how tensors are stored, by name; what the model does not compute is carried as it is.
 *     Empty to store all in bf16
 */
record ModelWriter(TransformerModel model, SortedMap<String, TensorInfo> like) {

  /** Writes the weights, and beside them the other files of {@code description}. */
  void write(Path description, Path out, Carried carried) throws IOException {
    SortedMap<String, ?> computed = model.weights().arrays();
    List<TensorInfo> infos = new ArrayList<>();
    computed.keySet().forEach(name -> infos.add(info(name)));
    like.values().stream().filter(i -> !computed.containsKey(i.name())).forEach(infos::add);
    try (CheckpointWriter writer =
        CheckpointWriter.create(
            out, infos, Map.of("format", "pt"), CheckpointWriter.DEFAULT_MAX_SHARD_BYTES)) {
      for (TensorInfo info : writer.order()) {
        if (computed.containsKey(info.name())) {
          writer.write(info.name(), narrowed(info.dtype(), model.weights().read(info.name())));
        } else {
          carried.copy(info.name(), writer);
        }
      }
      writer.copyOtherFiles(description);
      writer.commit();
    }
  }

  /** Where tensors come from that the model does not compute. */
  @FunctionalInterface
  interface Carried {
    void copy(String tensor, CheckpointWriter writer) throws IOException;

    /** Takes them from a checkpoint. */
    static Carried from(Checkpoint checkpoint) {
      return (tensor, writer) -> writer.copy(checkpoint.data(tensor));
    }
  }

  private TensorInfo info(String name) {
    TensorInfo stored = like.get(name);
    DType dtype = stored == null ? DType.BF16 : stored.dtype();
    return new TensorInfo(name, dtype, Shape.of(model.weights().get(name).getShape().getShape()));
  }

  private static ByteBuffer narrowed(DType dtype, float[] values) {
    ByteBuffer bytes =
        ByteBuffer.allocate(Math.multiplyExact(dtype.bits() / Byte.SIZE, values.length))
            .order(ByteOrder.LITTLE_ENDIAN);
    for (float value : values) {
      switch (dtype) {
        case F32 -> bytes.putFloat(value);
        case F16 -> bytes.putShort(Binary16.fromFloat(value));
        default -> bytes.putShort(NarrowFloats.toBfloat16(value));
      }
    }
    return bytes.flip();
  }
}
