package io.deltapress.djl.study;

import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The factors q that a cell of the study divides by, and how they were found.
 *
 * @param common the factor of every tensor without one of its own
 * @param perTensor factors of single tensors, by name
 * @param trials what was tried on the way, in order of the parameter; empty where nothing was
 *     searched
 */
public record RescaleChoice(
    double common, SortedMap<String, Double> perTensor, List<Trial> trials) {

  /** Makes the collections unmodifiable. */
  public RescaleChoice {
    perTensor = Collections.unmodifiableSortedMap(new TreeMap<>(perTensor));
    trials = List.copyOf(trials);
  }

  /**
   * Something that was tried.
   *
   * @param parameter what was varied; of a search for one factor, that factor
   * @param value of the objective there
   */
  public record Trial(double parameter, double value) {}

  /**
   * A factor that nobody searched.
   *
   * @param common the factor of all tensors
   * @return the choice
   */
  public static RescaleChoice fixed(double common) {
    return new RescaleChoice(common, new TreeMap<>(), List.of());
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
