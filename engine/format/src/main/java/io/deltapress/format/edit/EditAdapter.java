package io.deltapress.format.edit;

import io.deltapress.format.BadInputException;
import io.deltapress.format.delta.LinearInput.Orientation;
import io.deltapress.format.lora.LoraAdapter;
import io.deltapress.format.lora.LoraAdapterWriter;
import io.deltapress.format.lora.LoraConfig;
import io.deltapress.format.lora.LoraModule;
import io.deltapress.format.lora.ModuleNames;
import io.deltapress.format.tensor.Checkpoint;
import io.deltapress.format.tensor.DType;
import io.deltapress.format.tensor.ModelConfig;
import io.deltapress.format.tensor.Shape;
import io.deltapress.format.tensor.TensorInfo;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A list of edits as a LoRA adapter of Hugging Face PEFT: of each weight the A of its edits below
 * each other and the B side by side, in the order of the list, with alpha = r for every module and
 * so the scale 1. Merged in binary64 it is the result of the list bit for bit.
 */
public final class EditAdapter {
  private final Checkpoint foundation;
  private final List<EditArtifact> edits;

  /** Weights by the module that PEFT has for them. */
  private final SortedMap<String, EditedWeight> weights = new TreeMap<>();

  private EditAdapter(Checkpoint foundation, List<EditArtifact> edits) {
    this.foundation = foundation;
    this.edits = List.copyOf(edits);
  }

  /**
   * What an adapter holds.
   *
   * @param edits how many edits
   * @param modules how many layers are changed
   * @param rank the largest r
   * @param bytes of the factors
   */
  public record Summary(int edits, int modules, int rank, long bytes) {}

  /**
   * Writes the adapter of a list of edits.
   *
   * @param foundation names and {@code config.json} tell what PEFT calls the layers; types and
   *     shapes are checked, but weights are not read, so whoever loads both has to see that they
   *     belong together
   * @param base name or path of the foundation, for people and for PEFT's automatic loading
   * @param edits in the order of their list
   * @param directory absent or empty
   * @throws io.deltapress.format.IntegrityException if the edits are of different foundations, or
   *     not of this one
   * @throws BadInputException if an edit is given twice, no weight is shifted, or the list is not
   *     one that an adapter can express; nothing is left behind
   */
  public static Summary export(
      Checkpoint foundation, String base, List<EditArtifact> edits, Path directory)
      throws IOException {
    EditedWeights edited = new EditedWeights();
    for (EditArtifact edit : edits) {
      edited.add(edit);
    }
    if (edited.weights().isEmpty()) {
      throw new BadInputException(
          "the edits shift no weight, so there is no adapter; use the foundation as it is");
    }
    edited.requireLayout(foundation);
    EditAdapter adapter = new EditAdapter(foundation, edits);
    Optional<String> modelType = ModelConfig.modelType(foundation);
    for (EditedWeight weight : edited.weights().values()) {
      adapter.add(weight, modelType);
    }
    return adapter.write(base, directory);
  }

  private void add(EditedWeight weight, Optional<String> modelType) throws BadInputException {
    String module =
        ModuleNames.module(weight.name(), modelType, foundation.tensors().keySet())
            .orElseThrow(() -> inexpressible(weight, "it is the weight of no module"));
    if (weights.values().stream().anyMatch(w -> w.orientation() != weight.orientation())) {
      throw inexpressible(weight, "other weights that are edited are laid out the other way");
    }
    long elements = (long) rank(weight) * ((long) weight.inputs() + weight.outputs());
    if (rank(weight) > LoraConfig.MAX_RANK || elements > LoraAdapter.MAX_FACTOR_ELEMENTS) {
      throw inexpressible(weight, "its edits have the rank " + rank(weight) + " together");
    }
    weights.put(module, weight);
  }

  private BadInputException inexpressible(EditedWeight weight, String reason) {
    return BadInputException.of(
        foundation.path(),
        weight.name(),
        "cannot be expressed by one adapter: %s; export an overwrite-patch or a checkpoint"
            .formatted(reason));
  }

  private int rank(EditedWeight weight) {
    long rank = 0;
    for (EditArtifact edit : editsOf(weight)) {
      rank += edit.rank(weight.name());
    }
    return (int) Math.min(rank, Integer.MAX_VALUE);
  }

  private List<EditArtifact> editsOf(EditedWeight weight) {
    return edits.stream().filter(edit -> edit.weights().containsKey(weight.name())).toList();
  }

  private Summary write(String base, Path directory) throws IOException {
    List<TensorInfo> infos = new ArrayList<>();
    Map<String, String> moduleOf = new HashMap<>();
    weights.forEach(
        (module, weight) -> {
          String a = LoraModule.inputFactorName(module);
          String b = LoraModule.outputFactorName(module);
          infos.add(new TensorInfo(a, DType.F32, Shape.of(rank(weight), weight.inputs())));
          infos.add(new TensorInfo(b, DType.F32, Shape.of(weight.outputs(), rank(weight))));
          moduleOf.put(a, module);
          moduleOf.put(b, module);
        });
    LoraAdapterWriter.Description description =
        new LoraAdapterWriter.Description(
            base, taskType(), List.copyOf(weights.keySet()), List.of());
    LoraConfig config = config();
    try (LoraAdapterWriter writer =
        LoraAdapterWriter.create(directory, config, description, infos)) {
      for (TensorInfo info : writer.order()) {
        EditedWeight weight = weights.get(moduleOf.get(info.name()));
        boolean a = info.name().equals(LoraModule.inputFactorName(moduleOf.get(info.name())));
        writer.write(info.name(), a ? stacked(weight) : sideBySide(weight));
      }
      writer.commit();
    }
    long bytes = infos.stream().mapToLong(TensorInfo::byteLength).sum();
    return new Summary(edits.size(), weights.size(), config.rank(), bytes);
  }

  /** One rank for all, or where they differ each module's own; alpha likewise. */
  private LoraConfig config() {
    int largest = weights.values().stream().mapToInt(this::rank).max().orElseThrow();
    Map<String, Integer> ranks = new LinkedHashMap<>();
    Map<String, Double> alphas = new LinkedHashMap<>();
    // A name may be the tail of another: the first that fits counts, so the longest come first.
    weights.keySet().stream()
        .sorted(Comparator.comparing(String::length).reversed().thenComparing(String::compareTo))
        .forEach(
            module -> {
              int rank = rank(weights.get(module));
              ranks.put(module, rank);
              alphas.put(module, (double) rank);
            });
    if (Set.copyOf(ranks.values()).size() == 1) {
      ranks.clear();
      alphas.clear();
    }
    boolean inputsFirst =
        weights.values().stream().anyMatch(w -> w.orientation() == Orientation.INPUT_OUTPUT);
    return new LoraConfig(largest, largest, false, inputsFirst, ranks, alphas);
  }

  private String taskType() {
    return foundation.tensors().keySet().stream()
            .anyMatch(name -> name.startsWith("classifier.") || name.startsWith("score."))
        ? "SEQ_CLS"
        : "CAUSAL_LM";
  }

  private ByteBuffer stacked(EditedWeight weight) throws IOException {
    ByteBuffer bytes = buffer((long) rank(weight) * weight.inputs());
    for (EditArtifact edit : editsOf(weight)) {
      for (float element : edit.shift(weight.name()).a()) {
        bytes.putFloat(element);
      }
    }
    return bytes.flip();
  }

  private ByteBuffer sideBySide(EditedWeight weight) throws IOException {
    int rank = rank(weight);
    ByteBuffer bytes = buffer((long) rank * weight.outputs());
    int column = 0;
    for (EditArtifact edit : editsOf(weight)) {
      LowRankShift shift = edit.shift(weight.name());
      for (int output = 0; output < shift.outputs(); output++) {
        for (int r = 0; r < shift.rank(); r++) {
          bytes.putFloat(
              (output * rank + column + r) * Float.BYTES, shift.b()[output * shift.rank() + r]);
        }
      }
      column += shift.rank();
    }
    return bytes;
  }

  private static ByteBuffer buffer(long elements) {
    return ByteBuffer.allocate(Math.toIntExact(elements * Float.BYTES))
        .order(ByteOrder.LITTLE_ENDIAN);
  }
}
