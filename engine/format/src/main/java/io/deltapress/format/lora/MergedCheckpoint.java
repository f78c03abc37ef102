package io.deltapress.format.lora;

import io.deltapress.format.BadInputException;
import io.deltapress.format.delta.LinearInput.Orientation;
import io.deltapress.format.lowrank.Factors;
import io.deltapress.format.lowrank.LowRankProduct;
import io.deltapress.format.lowrank.LowRankUpdate;
import io.deltapress.format.lowrank.ShiftedTensorData;
import io.deltapress.format.lowrank.ShiftedTensorData.NonFiniteRule;
import io.deltapress.format.tensor.Checkpoint;
import io.deltapress.format.tensor.Shape;
import io.deltapress.format.tensor.TensorData;
import io.deltapress.format.tensor.TensorInfo;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A base with a LoRA adapter merged into it, computed as it is read: the fine-tune for which the
 * adapter stands. Memory holds the factors of one layer and one block, never a matrix.
 *
 * <p>Every matrix of {@link LoraAdapter#modules()} is base + scale · B · A in binary64, rounded
 * once to the type of the base; tensors of {@link LoraAdapter#whole()} are those of the adapter,
 * all others those of the base. Safe for use by several threads.
 */
public final class MergedCheckpoint implements Checkpoint {
  /** What names of heads begin with, which a base without one does not have. */
  private static final List<String> HEADS = List.of("classifier.", "score.");

  private final Checkpoint base;
  private final LoraAdapter adapter;
  private final SortedMap<String, TensorInfo> tensors;
  private final Map<String, LoraModule> moduleOf = new HashMap<>();
  private final Map<String, String> wholeOf = new HashMap<>();

  private MergedCheckpoint(Checkpoint base, LoraAdapter adapter) {
    this.base = base;
    this.adapter = adapter;
    // Keeps the order of names.
    this.tensors = new TreeMap<>(base.tensors());
  }

  /**
   * Merges an adapter into its base.
   *
   * @param base stays the caller's, and must stay open as long as the result
   * @param adapter closed with the result
   * @throws BadInputException if the adapter changes something that the base does not have, or that
   *     is no matrix of floats of a fitting shape; only the head of a classifier may be new
   */
  public static MergedCheckpoint of(Checkpoint base, LoraAdapter adapter) throws BadInputException {
    MergedCheckpoint merged = new MergedCheckpoint(base, adapter);
    for (LoraModule module : adapter.modules().values()) {
      merged.add(module);
    }
    for (Map.Entry<String, String> whole : adapter.whole().entrySet()) {
      merged.add(whole.getKey(), adapter.weights().tensors().get(whole.getValue()));
    }
    return merged;
  }

  private void add(LoraModule module) throws BadInputException {
    Path file = adapter.weights().path();
    String factor = module.inputFactor().name();
    Optional<String> found = ModuleNames.find(module.name() + ".weight", base.tensors().keySet());
    if (found.isEmpty()) {
      throw BadInputException.of(
          BadInputException.Kind.MISSING_TENSOR,
          file,
          factor,
          "belongs to a layer that the base %s does not have; give the base that was adapted"
              .formatted(base.path()));
    }
    TensorInfo info = base.tensors().get(found.get());
    long rows = adapter.config().inputsFirst() ? module.inputs() : module.outputs();
    long columns = adapter.config().inputsFirst() ? module.outputs() : module.inputs();
    if (!info.dtype().isFloat() || !info.shape().equals(Shape.of(rows, columns))) {
      throw BadInputException.of(
          file,
          factor,
          "changes a matrix [%d, %d] of floats, but %s of the base is %s %s"
              .formatted(
                  rows, columns, BadInputException.quote(info.name()), info.dtype(), info.shape()));
    }
    if (moduleOf.put(info.name(), module) != null) {
      throw twice(file, factor, info.name());
    }
  }

  private void add(String name, TensorInfo onDisk) throws BadInputException {
    Optional<String> found = ModuleNames.find(name, base.tensors().keySet());
    if (found.isEmpty() && HEADS.stream().noneMatch(name::startsWith)) {
      throw BadInputException.of(
          BadInputException.Kind.MISSING_TENSOR,
          adapter.weights().path(),
          onDisk.name(),
          "replaces a tensor that the base "
              + base.path()
              + " does not have, and is no head; give the base that was adapted");
    }
    String tensor = found.orElse(name);
    if (moduleOf.containsKey(tensor) || wholeOf.put(tensor, onDisk.name()) != null) {
      throw twice(adapter.weights().path(), onDisk.name(), tensor);
    }
    tensors.put(tensor, new TensorInfo(tensor, onDisk.dtype(), onDisk.shape()));
  }

  private static BadInputException twice(Path file, String tensor, String changed) {
    return BadInputException.of(
        file, tensor, "changes " + BadInputException.quote(changed) + " a second time");
  }

  /** Where the adapter is. */
  @Override
  public Path path() {
    return adapter.path();
  }

  /** That of the base: an adapter has no {@code config.json}. */
  @Override
  public Path description() {
    return base.description();
  }

  /** Those of the adapter; the base has its own. */
  @Override
  public List<Path> files() {
    return adapter.weights().files();
  }

  @Override
  public SortedMap<String, TensorInfo> tensors() {
    return Collections.unmodifiableSortedMap(tensors);
  }

  @Override
  public Map<String, String> metadata() {
    return base.metadata();
  }

  @Override
  public TensorData data(String name) throws IOException {
    LoraModule module = moduleOf.get(name);
    if (module != null) {
      return new ShiftedTensorData(base.data(name), update(module), NonFiniteRule.ALLOWED);
    }
    String whole = wholeOf.get(name);
    return whole == null
        ? base.data(name)
        : new RenamedTensorData(adapter.weights().data(whole), tensors.get(name));
  }

  /** Its factors are bounded, see {@link LoraAdapter#MAX_FACTOR_ELEMENTS}. */
  private LowRankUpdate update(LoraModule module) throws IOException {
    LowRankProduct product =
        LowRankProduct.of(
            Factors.read(adapter.weights().data(module.inputFactor().name())),
            Factors.read(adapter.weights().data(module.outputFactor().name())),
            module.rank(),
            Math.toIntExact(module.inputs()),
            Math.toIntExact(module.outputs()),
            adapter.config().inputsFirst() ? Orientation.INPUT_OUTPUT : Orientation.OUTPUT_INPUT);
    return new LowRankUpdate(List.of(product), module.scale());
  }

  @Override
  public void close() {
    adapter.close();
  }
}
