package io.deltapress.format.tensor;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;

/**
 * A file of a checkpoint that is being written.
 *
 * @param tensors in the order in which the file holds them
 */
record OutputFile(String fileName, List<TensorInfo> tensors) {

  /** Spreads tensors over files of at most so many tensor bytes; a larger tensor is alone. */
  static List<OutputFile> plan(Collection<TensorInfo> tensors, long maxShardBytes) {
    List<List<TensorInfo>> groups = group(tensors, maxShardBytes);
    List<OutputFile> files = new ArrayList<>();
    for (List<TensorInfo> group : groups) {
      String fileName =
          groups.size() == 1
              ? Checkpoints.SINGLE_FILE
              : String.format(
                  Locale.ROOT, "model-%05d-of-%05d.safetensors", files.size() + 1, groups.size());
      files.add(new OutputFile(fileName, SafetensorsWriter.order(group)));
    }
    return files;
  }

  /** Consecutive names go together, so that the tensors of a layer tend to be in one file. */
  private static List<List<TensorInfo>> group(Collection<TensorInfo> tensors, long maxShardBytes) {
    TreeMap<String, TensorInfo> byName = new TreeMap<>(TensorNames.ORDER);
    for (TensorInfo info : tensors) {
      if (byName.put(info.name(), info) != null) {
        throw new IllegalArgumentException("tensor given twice: " + info.name());
      }
    }
    List<List<TensorInfo>> groups = new ArrayList<>();
    List<TensorInfo> last = new ArrayList<>();
    groups.add(last);
    long bytes = 0;
    for (TensorInfo info : byName.values()) {
      if (!last.isEmpty() && info.byteLength() > maxShardBytes - bytes) {
        last = new ArrayList<>();
        groups.add(last);
        bytes = 0;
      }
      last.add(info);
      bytes += info.byteLength();
    }
    return groups;
  }
}
