package io.deltapress.djl.train;

import io.deltapress.djl.model.LinearLayer;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Which layers are meant by globs, and what PEFT calls them. */
final class LoraTargets {

  private final List<Pattern> patterns;

  /**
   * Takes globs over names of layers.
   *
   * @param globs none mean every layer
   */
  LoraTargets(List<String> globs) {
    this.patterns = globs.stream().map(LoraTargets::pattern).toList();
  }

  private static Pattern pattern(String glob) {
    String regex =
        glob.chars()
            .mapToObj(
                c ->
                    switch (c) {
                      case '*' -> ".*";
                      case '?' -> ".";
                      default -> Pattern.quote(Character.toString(c));
                    })
            .collect(Collectors.joining());
    return Pattern.compile(regex, Pattern.DOTALL);
  }

  boolean include(String layer) {
    return patterns.isEmpty() || patterns.stream().anyMatch(p -> p.matcher(layer).matches());
  }

  /**
   * Names layers for PEFT, which takes a name for every layer that ends in it: the last parts of
   * the names where they mean no other layer, else the whole names.
   *
   * @param adapted the layers that are meant
   * @param all every layer of the model
   */
  static List<String> peftNames(List<LinearLayer> adapted, List<LinearLayer> all) {
    Set<String> ends = new TreeSet<>();
    adapted.forEach(layer -> ends.add(end(layer)));
    long meant = all.stream().filter(layer -> ends.contains(end(layer))).count();
    return meant == adapted.size()
        ? List.copyOf(ends)
        : adapted.stream().map(LoraLayers::nameOf).sorted().toList();
  }

  private static String end(LinearLayer layer) {
    String name = LoraLayers.nameOf(layer);
    return name.substring(name.lastIndexOf('.') + 1);
  }
}
