package io.deltapress.format.tensor;

import java.util.List;
import java.util.Locale;

/** Tells weights from the other files in the directory of a model. */
final class OtherFiles {
  private static final List<String> WEIGHT_SUFFIXES =
      List.of(
          ".safetensors",
          ".safetensors.index.json",
          ".bin",
          ".bin.index.json",
          ".pt",
          ".pth",
          ".ckpt",
          ".gguf",
          ".h5",
          ".msgpack",
          ".onnx",
          ".onnx_data",
          ".tflite",
          ".npz");

  private OtherFiles() {}

  /** Whether the name is that of weights, which would be stale beside new ones, or hidden. */
  static boolean isWeights(String fileName) {
    String name = fileName.toLowerCase(Locale.ROOT);
    return name.startsWith(".") || WEIGHT_SUFFIXES.stream().anyMatch(name::endsWith);
  }
}
