package io.deltapress.format.artifact;

import io.deltapress.format.delta.LinearInput;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What WANDA needs besides weights: the L2 norms of the inputs of linear layers. A tensor without
 * them is pruned by magnitude.
 *
 * @param byWeight by the name of the layer's weight; unmodifiable
 */
public record InputNorms(SortedMap<String, LinearInput> byWeight) {
  private static final InputNorms NONE = new InputNorms(new TreeMap<>());

  /** Makes the map unmodifiable. */
  public InputNorms {
    byWeight = Collections.unmodifiableSortedMap(new TreeMap<>(byWeight));
  }

  /** No norms at all. */
  public static InputNorms none() {
    return NONE;
  }

  /** Norms by the name of the layer's weight. */
  public static InputNorms of(Map<String, LinearInput> byWeight) {
    return new InputNorms(new TreeMap<>(byWeight));
  }

  /** The norms for a weight, if they were measured. */
  Optional<LinearInput> find(String weight) {
    return Optional.ofNullable(byWeight.get(weight));
  }
}
