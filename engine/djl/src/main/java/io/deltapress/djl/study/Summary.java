package io.deltapress.djl.study;

import java.util.Collection;

/**
 * Mean and spread of several measurements.
 *
 * @param mean their arithmetic mean
 * @param deviation their standard deviation with n - 1 in the denominator; 0 of a single one
 * @param count how many there are
 */
public record Summary(double mean, double deviation, int count) {

  /**
   * Summarizes measurements.
   *
   * @param values at least one
   * @return mean and deviation
   */
  public static Summary of(Collection<Double> values) {
    if (values.isEmpty()) {
      throw new IllegalArgumentException("there is nothing to summarize");
    }
    double mean = values.stream().mapToDouble(value -> value).sum() / values.size();
    double squares = values.stream().mapToDouble(value -> (value - mean) * (value - mean)).sum();
    double deviation = values.size() == 1 ? 0 : Math.sqrt(squares / (values.size() - 1));
    return new Summary(mean, deviation, values.size());
  }
}
