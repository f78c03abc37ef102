package io.deltapress.app.cli;

import io.deltapress.format.tensor.Checkpoint;
import io.deltapress.format.tensor.TensorInfo;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What {@code inspect} says of a checkpoint; its fields are those of the JSON document. */
record CheckpointInspection(
    String kind,
    String path,
    @Nullable String weightsDigest,
    int files,
    int tensorCount,
    long parameters,
    long bytes,
    Map<String, Long> parametersByType,
    Map<String, String> metadata,
    @Nullable List<Tensor> tensors) {

  /** One tensor. */
  record Tensor(String name, String dtype, List<Long> shape, long bytes) {

    static Tensor of(TensorInfo info) {
      return new Tensor(
          info.name(), info.dtype().name(), info.shape().dimensions(), info.byteLength());
    }
  }

  static CheckpointInspection of(
      Checkpoint checkpoint, @Nullable String weightsDigest, boolean withTensors) {
    return new CheckpointInspection(
        "checkpoint",
        checkpoint.path().toString(),
        weightsDigest,
        checkpoint.files().size(),
        checkpoint.tensors().size(),
        Weights.parameters(checkpoint),
        Weights.bytes(checkpoint),
        checkpoint.tensors().values().stream()
            .collect(
                Collectors.groupingBy(
                    info -> info.dtype().name(),
                    TreeMap::new,
                    Collectors.summingLong(TensorInfo::elementCount))),
        new TreeMap<>(checkpoint.metadata()),
        withTensors ? checkpoint.tensors().values().stream().map(Tensor::of).toList() : null);
  }

  String text() {
    TextTable table = new TextTable().row("checkpoint", path);
    if (weightsDigest != null) {
      table.row("weights digest", weightsDigest);
    }
    table
        .row("files", files)
        .row("tensors", tensorCount)
        .row("parameters", parameters + " " + parametersByType)
        .row("size", Figures.bytes(bytes));
    metadata.forEach((key, value) -> table.row("metadata " + key, Printable.of(value)));
    return table.text() + tensorText();
  }

  private String tensorText() {
    if (tensors == null) {
      return "";
    }
    TextTable table = new TextTable("tensor", "dtype", "shape", "bytes");
    tensors.forEach(
        tensor -> table.row(tensor.name(), tensor.dtype(), tensor.shape(), tensor.bytes()));
    return System.lineSeparator() + table.text();
  }
}
