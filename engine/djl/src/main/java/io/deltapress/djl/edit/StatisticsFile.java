package io.deltapress.djl.edit;

import io.deltapress.format.BadInputException;
import io.deltapress.format.tensor.Checkpoint;
import io.deltapress.format.tensor.Checkpoints;
import io.deltapress.format.tensor.SafetensorsWriter;
import io.deltapress.format.tensor.TensorInfo;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Running statistics on disk, to the bit: safetensors with {@code statistics/SHAPE/mean}, {@code
 * .../squares} and {@code .../rows} in F64 for each shape of weight.
 */
final class StatisticsFile {

  private static final String METHOD = "deltapress.editor.method";
  private static final String PREFIX = "statistics/";

  private StatisticsFile() {}

  /** The arrays themselves, by the names they have on disk. */
  static SortedMap<String, double[]> arrays(Map<LayerShape, RunningStatistics> statistics) {
    SortedMap<String, double[]> arrays = new TreeMap<>();
    statistics.forEach(
        (shape, seen) ->
            seen.state()
                .forEach((part, values) -> arrays.put(PREFIX + shape + "/" + part, values)));
    return arrays;
  }

  static void write(Path file, String method, SortedMap<LayerShape, RunningStatistics> statistics)
      throws IOException {
    SortedMap<String, double[]> arrays = arrays(statistics);
    var infos =
        arrays.entrySet().stream().map(e -> StoredDoubles.info(e.getKey(), e.getValue())).toList();
    try (SafetensorsWriter writer = SafetensorsWriter.create(file, infos, Map.of(METHOD, method))) {
      for (TensorInfo info : writer.order()) {
        writer.write(info.name(), StoredDoubles.bytes(arrays.get(info.name())));
      }
      writer.commit();
    }
  }

  static SortedMap<LayerShape, RunningStatistics> read(Path file, String method)
      throws IOException {
    try (Checkpoint checkpoint = Checkpoints.open(file)) {
      if (!method.equals(checkpoint.metadata().get(METHOD))) {
        throw BadInputException.of(
            file, "is no state of the editor %s; give one that it saved".formatted(method));
      }
      return read(checkpoint);
    }
  }

  /** The statistics among the tensors of a checkpoint. */
  static SortedMap<LayerShape, RunningStatistics> read(Checkpoint checkpoint) throws IOException {
    SortedMap<LayerShape, RunningStatistics> statistics = new TreeMap<>();
    for (String name : checkpoint.tensors().keySet()) {
      if (name.startsWith(PREFIX)) {
        String shape = name.substring(PREFIX.length()).split("/", 2)[0];
        LayerShape of = LayerShape.parse(shape);
        statistics.computeIfAbsent(of, s -> new RunningStatistics(s.dimensions()));
      }
    }
    for (Map.Entry<String, double[]> array : arrays(statistics).entrySet()) {
      StoredDoubles.read(checkpoint, array.getKey(), array.getValue());
    }
    return statistics;
  }
}
