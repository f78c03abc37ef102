package io.deltapress.djl.evaluate;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How a model of any family did on a task file.
 *
 * @param metric what was asked for
 * @param value its value; the larger, the better
 * @param figures everything that was measured in the same pass, by name: {@code exactMatch} and
 *     {@code tokenAccuracy}, or {@code accuracy}, {@code f1} (two labels) and {@code matthews}, or
 *     {@code pearson} and {@code spearman}; unmodifiable
 * @param examples number of tasks or texts
 * @param seconds wall-clock time
 */
public record Score(
    Metric metric, double value, Map<String, Double> figures, int examples, double seconds) {

  /** Keeps a copy of the figures, in their order. */
  public Score {
    figures = Collections.unmodifiableMap(new LinkedHashMap<>(figures));
  }
}
