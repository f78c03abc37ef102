package io.deltapress.format.lora;

import io.deltapress.format.BadInputException;
import io.deltapress.format.tensor.Checkpoint;
import io.deltapress.format.tensor.Checkpoints;
import io.deltapress.format.tensor.DType;
import io.deltapress.format.tensor.Enclosure;
import io.deltapress.format.tensor.TensorInfo;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A LoRA adapter directory of Hugging Face PEFT: {@code adapter_config.json} and {@code
 * adapter_model.safetensors}. Opening reads headers only.
 *
 * <p>Safe for use by several threads.
 */
public final class LoraAdapter implements Closeable {
  static final String WEIGHTS = "adapter_model.safetensors";

  /** Most elements of a layer's factors together: what is held in memory at a time, as F32. */
  public static final long MAX_FACTOR_ELEMENTS = 1L << 26;

  private final Path directory;
  private final String configText;
  private final LoraConfig config;
  private final Checkpoint weights;
  private final SortedMap<String, LoraModule> modules;
  private final SortedMap<String, String> whole;

  private LoraAdapter(
      Path directory,
      String configText,
      LoraConfig config,
      Checkpoint weights,
      SortedMap<String, LoraModule> modules,
      SortedMap<String, String> whole) {
    this.directory = directory;
    this.configText = configText;
    this.config = config;
    this.weights = weights;
    this.modules = Collections.unmodifiableSortedMap(modules);
    this.whole = Collections.unmodifiableSortedMap(whole);
  }

  /** Whether a path is the directory of an adapter: one that has an {@code adapter_config.json}. */
  public static boolean isAdapter(Path path) {
    return Files.isDirectory(path) && Files.exists(path.resolve(LoraConfigFile.NAME));
  }

  /**
   * Opens an adapter.
   *
   * @throws BadInputException if a file is missing, leads out of the directory or breaks a rule, or
   *     the adapter is of a kind that is not computed here
   */
  public static LoraAdapter open(Path directory) throws IOException {
    Enclosure enclosure = Enclosure.of(directory);
    Path configFile = directory.resolve(LoraConfigFile.NAME);
    enclosure.require(configFile);
    String text = text(configFile);
    LoraConfig config = LoraConfigFile.parse(configFile, text);
    Path file = directory.resolve(WEIGHTS);
    enclosure.require(file);
    Checkpoint weights = Checkpoints.open(file);
    try {
      SortedMap<String, LoraModule> modules = new TreeMap<>();
      SortedMap<String, String> whole = new TreeMap<>();
      for (TensorInfo info : weights.tensors().values()) {
        sort(weights, info, config, modules, whole);
      }
      return new LoraAdapter(directory, text, config, weights, modules, whole);
    } catch (IOException e) {
      weights.close();
      throw e;
    }
  }

  private static String text(Path file) throws IOException {
    if (Files.size(file) > LoraConfigFile.MAX_BYTES) {
      throw BadInputException.of(file, "is longer than " + LoraConfigFile.MAX_BYTES + " bytes");
    }
    byte[] bytes = Files.readAllBytes(file);
    String text = new String(bytes, StandardCharsets.UTF_8);
    if (text.indexOf('\uFFFD') >= 0) {
      throw BadInputException.of(file, "adapter configuration is not valid UTF-8");
    }
    return text;
  }

  private static void sort(
      Checkpoint weights,
      TensorInfo info,
      LoraConfig config,
      SortedMap<String, LoraModule> modules,
      SortedMap<String, String> whole)
      throws BadInputException {
    Path file = weights.path();
    String name = info.name();
    if (!LoraModule.isPrefixed(name)) {
      throw BadInputException.of(
          file, name, "is no tensor of an adapter: its name must begin with base_model.model.");
    }
    String path = LoraModule.withoutPrefix(name);
    if (path.isEmpty() || path.startsWith(".") || path.contains("..")) {
      throw BadInputException.of(file, name, "names no module: a part of the name is empty");
    }
    if (path.endsWith(LoraModule.INPUT_FACTOR) || path.endsWith(LoraModule.OUTPUT_FACTOR)) {
      String module = path.substring(0, path.length() - LoraModule.INPUT_FACTOR.length());
      if (!modules.containsKey(module)) {
        modules.put(module, module(weights, module, config));
      }
    } else if (path.contains("lora_")
        || path.contains(".base_layer.")
        || path.contains("token_adapter.")) {
      throw BadInputException.of(
          file, name, "is of a kind that is not supported; merge the adapter with PEFT instead");
    } else {
      whole.put(path, name);
    }
  }

  private static LoraModule module(Checkpoint weights, String module, LoraConfig config)
      throws BadInputException {
    TensorInfo a = factor(weights, LoraModule.inputFactorName(module));
    TensorInfo b = factor(weights, LoraModule.outputFactorName(module));
    int rank = config.rankOf(module);
    requireRank(weights.path(), a, 0, rank);
    requireRank(weights.path(), b, 1, rank);
    if (a.elementCount() + b.elementCount() > MAX_FACTOR_ELEMENTS) {
      throw BadInputException.of(
          weights.path(),
          a.name(),
          "has more than " + MAX_FACTOR_ELEMENTS + " elements together with its counterpart");
    }
    return new LoraModule(module, a, b, config.scaleOf(module));
  }

  private static TensorInfo factor(Checkpoint weights, String name) throws BadInputException {
    TensorInfo info = weights.tensors().get(name);
    if (info == null) {
      throw BadInputException.of(
          BadInputException.Kind.MISSING_TENSOR,
          weights.path(),
          name,
          "missing, although its counterpart is there; an adapter needs both factors");
    }
    if (info.dtype() != DType.F32 && info.dtype() != DType.F16 && info.dtype() != DType.BF16) {
      throw BadInputException.of(
          weights.path(), name, "dtype is " + info.dtype() + "; factors must be F32, F16 or BF16");
    }
    return info;
  }

  private static void requireRank(Path file, TensorInfo factor, int axis, int rank)
      throws BadInputException {
    if (factor.shape().rank() != 2 || factor.shape().dimension(axis) != rank) {
      throw BadInputException.of(
          file,
          factor.name(),
          "shape is %s, but the configuration asks for %s"
              .formatted(
                  factor.shape(),
                  axis == 0 ? "[" + rank + ", inputs]" : "[outputs, " + rank + "]"));
    }
  }

  /** The directory it was opened from. */
  public Path path() {
    return directory;
  }

  /** How its factors make up a delta. */
  public LoraConfig config() {
    return config;
  }

  /** {@code adapter_config.json} as it is. */
  public String configText() {
    return configText;
  }

  /** Everything on disk under the names it has there; closed with this adapter. */
  public Checkpoint weights() {
    return weights;
  }

  /** The changed layers by name. */
  public SortedMap<String, LoraModule> modules() {
    return modules;
  }

  /**
   * Tensors that replace those of the base whole, such as the head of a classifier: the name on
   * disk by the name that Hugging Face has for it.
   */
  public SortedMap<String, String> whole() {
    return whole;
  }

  @Override
  public void close() {
    weights.close();
  }
}
