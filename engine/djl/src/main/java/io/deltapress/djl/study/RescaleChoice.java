package io.deltapress.djl.study;

import io.deltapress.djl.rescale.RescaleFit;
import io.deltapress.djl.rescale.Trial;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The factors q that a cell of the study divides by, and how they were found.
 *
 * @param common the factor of every tensor without one of its own
 * @param perTensor factors of single tensors, by name
 * @param parameter what was searched: {@code q}, {@code eta}, {@code beta}, {@code step}; empty if
 *     nothing was
 * @param chosen its value
 * @param trials what was tried on the way, in that order
 */
public record RescaleChoice(
    double common,
    SortedMap<String, Double> perTensor,
    String parameter,
    double chosen,
    List<Trial> trials) {

  /** Makes the collections unmodifiable. */
  public RescaleChoice {
    perTensor = Collections.unmodifiableSortedMap(new TreeMap<>(perTensor));
    trials = List.copyOf(trials);
  }

  /**
   * A factor that nobody searched.
   *
   * @param common the factor of all tensors
   * @return the choice
   */
  public static RescaleChoice fixed(double common) {
    return new RescaleChoice(common, new TreeMap<>(), "", 0, List.of());
  }

  /**
   * What a search for one factor found.
   *
   * @param common the factor of all tensors
   * @param trials what was tried
   * @return the choice
   */
  static RescaleChoice searched(double common, List<Trial> trials) {
    return new RescaleChoice(common, new TreeMap<>(), "q", common, trials);
  }

  static RescaleChoice of(RescaleFit fit) {
    return new RescaleChoice(
        fit.factors().common(),
        fit.factors().perTensor(),
        fit.strategy().parameter(),
        fit.parameter(),
        fit.trials().all());
  }

  /**
   * Sums the factors up in one number.
   *
   * @return the mean over the tensors with a factor of their own; if there are none, the common one
   */
  public double mean() {
    return perTensor.values().stream().mapToDouble(q -> q).average().orElse(common);
  }
}
