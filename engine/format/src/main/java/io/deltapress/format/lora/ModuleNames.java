package io.deltapress.format.lora;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Translates between the tensors of a base and the modules of an adapter. PEFT names modules as the
 * class with the output head does; the checkpoint of a base may hold the same tensors without the
 * prefix of that class, or with it where the adapter's has none.
 */
public final class ModuleNames {
  private static final List<String> PREFIXES =
      List.of("model.", "transformer.", "bert.", "roberta.");

  /** What the class with the head puts before the names of the model, by {@code model_type}. */
  private static final Map<String, String> PREFIX_OF =
      Map.of(
          "llama", "model.",
          "mistral", "model.",
          "qwen2", "model.",
          "gpt2", "transformer.",
          "bert", "bert.",
          "roberta", "roberta.");

  private static final String WEIGHT = ".weight";

  private ModuleNames() {}

  /**
   * Finds the module whose weight a tensor is, as the class with the head names it: the first
   * checkpoints of GPT-2, and others without a head, lack the prefix of that class.
   *
   * @param tensor its name as the base has it
   * @param modelType of the base, if it is known
   * @param base names of all tensors of the base
   * @return empty if the tensor is no weight of a module
   */
  public static Optional<String> module(
      String tensor, Optional<String> modelType, Set<String> base) {
    if (!tensor.endsWith(WEIGHT) || tensor.length() == WEIGHT.length()) {
      return Optional.empty();
    }
    String module = tensor.substring(0, tensor.length() - WEIGHT.length());
    String prefix = modelType.flatMap(type -> Optional.ofNullable(PREFIX_OF.get(type))).orElse("");
    boolean headless = base.stream().noneMatch(name -> name.startsWith(prefix));
    return Optional.of(headless ? prefix + module : module);
  }

  /**
   * Finds a tensor.
   *
   * @param tensor its name as the adapter has it
   * @param base names of the base
   * @return the name as the base has it
   */
  static Optional<String> find(String tensor, Set<String> base) {
    List<String> candidates = new ArrayList<>(List.of(tensor));
    for (String prefix : PREFIXES) {
      if (tensor.startsWith(prefix)) {
        candidates.add(tensor.substring(prefix.length()));
      }
    }
    PREFIXES.forEach(prefix -> candidates.add(prefix + tensor));
    return candidates.stream().filter(base::contains).findFirst();
  }
}
