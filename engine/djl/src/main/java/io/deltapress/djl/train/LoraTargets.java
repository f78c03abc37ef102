package io.deltapress.djl.train;

import io.deltapress.djl.model.LinearLayer;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What PEFT calls the layers that are adapted. */
final class LoraTargets {

  private static final String WEIGHT = ".weight";

  private static final Pattern BLOCK = Pattern.compile(".*\\.\\d+\\.");

  private static final List<UnaryOperator<String>> SHORTENED =
      List.of(
          name -> name.substring(name.lastIndexOf('.') + 1),
          name -> BLOCK.matcher(name).replaceFirst(""));

  private LoraTargets() {}

  /**
   * Names layers for PEFT, which takes a name for every module that ends in it: the last parts of
   * the names where they mean no other module, else what follows the number of the block, else the
   * whole names.
   *
   * @param adapted the layers that are meant
   * @param tensors names of every tensor of the model, those of its head too
   */
  static List<String> peftNames(List<LinearLayer> adapted, Set<String> tensors) {
    Set<String> meant = adapted.stream().map(LoraLayers::nameOf).collect(Collectors.toSet());
    for (UnaryOperator<String> shortened : SHORTENED) {
      Set<String> ends = new TreeSet<>();
      meant.forEach(name -> ends.add(shortened.apply(name)));
      long found =
          tensors.stream()
              .filter(tensor -> tensor.endsWith(WEIGHT))
              .map(tensor -> tensor.substring(0, tensor.length() - WEIGHT.length()))
              .filter(name -> ends.stream().anyMatch(end -> ("." + name).endsWith("." + end)))
              .count();
      if (found == meant.size()) {
        return List.copyOf(ends);
      }
    }
    return meant.stream().sorted().toList();
  }
}
