package io.deltapress.djl.edit;

import io.deltapress.format.BadInputException;
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
import java.nio.file.Path;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Running statistics on disk, to the bit: a safetensors file with {@code mean/SHAPE} and {@code
 * squares/SHAPE} in F64 for each shape of weight, and the number of rows in its metadata.
 */
final class StatisticsFile {

  private static final String METHOD = "deltapress.editor.method";
  private static final String ROWS = "deltapress.editor.rows/";
  private static final String MEAN = "mean/";
  private static final String SQUARES = "squares/";

  private StatisticsFile() {}

  static void write(Path file, String method, SortedMap<LayerShape, RunningStatistics> statistics)
      throws IOException {
    SortedMap<String, double[]> arrays = new TreeMap<>();
    SortedMap<String, String> metadata = new TreeMap<>();
    metadata.put(METHOD, method);
    statistics.forEach(
        (shape, seen) -> {
          arrays.put(MEAN + shape, seen.mean());
          arrays.put(SQUARES + shape, seen.squares());
          metadata.put(ROWS + shape, Long.toString(seen.rows()));
        });
    var infos =
        arrays.entrySet().stream()
            .map(e -> new TensorInfo(e.getKey(), DType.F64, Shape.of(e.getValue().length)))
            .toList();
    try (SafetensorsWriter writer = SafetensorsWriter.create(file, infos, metadata)) {
      for (TensorInfo info : writer.order()) {
        double[] values = arrays.get(info.name());
        ByteBuffer bytes =
            ByteBuffer.allocate(Double.BYTES * values.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asDoubleBuffer().put(values);
        writer.write(info.name(), bytes);
      }
      writer.commit();
    }
  }

  static SortedMap<LayerShape, RunningStatistics> read(Path file, String method)
      throws IOException {
    SortedMap<LayerShape, RunningStatistics> statistics = new TreeMap<>();
    try (Checkpoint checkpoint = Checkpoints.open(file)) {
      String found = checkpoint.metadata().get(METHOD);
      if (!method.equals(found)) {
        throw BadInputException.of(
            file, "is no state of the editor %s; give one that it saved".formatted(method));
      }
      for (String name : checkpoint.tensors().keySet()) {
        if (name.startsWith(MEAN)) {
          LayerShape shape = LayerShape.parse(name.substring(MEAN.length()));
          statistics.put(shape, statistics(checkpoint, shape));
        }
      }
    }
    return statistics;
  }

  private static RunningStatistics statistics(Checkpoint checkpoint, LayerShape shape)
      throws IOException {
    try {
      long rows = Long.parseLong(checkpoint.metadata().getOrDefault(ROWS + shape, ""));
      return new RunningStatistics(
          rows,
          doubles(checkpoint, MEAN + shape, shape),
          doubles(checkpoint, SQUARES + shape, shape));
    } catch (NumberFormatException e) {
      throw BadInputException.of(
          checkpoint.path(),
          "lacks the number of rows of %s; save the state again".formatted(shape));
    }
  }

  private static double[] doubles(Checkpoint checkpoint, String name, LayerShape shape)
      throws IOException {
    TensorData data = checkpoint.data(name);
    if (data.info().dtype() != DType.F64 || data.info().elementCount() != shape.dimensions()) {
      throw BadInputException.of(
          checkpoint.path(),
          name,
          "is not F64 [%d]; save the state again".formatted(shape.dimensions()));
    }
    long[] bits = new long[shape.dimensions()];
    data.copyTo(0, bits, 0, bits.length);
    double[] values = new double[bits.length];
    for (int i = 0; i < bits.length; i++) {
      values[i] = Double.longBitsToDouble(bits[i]);
    }
    return values;
  }
}
