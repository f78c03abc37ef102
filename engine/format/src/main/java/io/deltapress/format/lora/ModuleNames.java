package io.deltapress.format.lora;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Finds the tensor of a base that an adapter means. PEFT names modules as the class with the output
 * head does; the checkpoint of a base may hold the same tensors without the prefix of that class,
 * or with it where the adapter's has none.
 */
final class ModuleNames {
  private static final List<String> PREFIXES =
      List.of("model.", "transformer.", "bert.", "roberta.");

  private ModuleNames() {}

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
