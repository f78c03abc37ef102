package io.deltapress.djl.evaluate;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Compares given labels or numbers with the right ones, as GLUE does (Wang et al., 2019).
 *
 * <p>Where a figure is 0 / 0, because one side never varies or nothing is positive, it is 0. What
 * is given may be NaN, from a model that overflows: as a label that is a wrong one, and numbers of
 * which any is not finite correlate with nothing, so their figures are 0.
 */
final class LabelMetrics {

  private LabelMetrics() {}

  /** One number for two equally long, non-empty rows. */
  static double of(Metric metric, double[] given, double[] right) {
    return switch (metric) {
      case ACCURACY -> accuracy(given, right);
      case F1 -> f1(given, right);
      case ACCURACY_F1 -> (accuracy(given, right) + f1(given, right)) / 2;
      case MATTHEWS -> matthews(given, right);
      case PEARSON -> pearson(given, right);
      case SPEARMAN -> spearman(given, right);
      case PEARSON_SPEARMAN -> (pearson(given, right) + spearman(given, right)) / 2;
      case EXACT_MATCH -> throw new IllegalArgumentException("labels are no answers");
    };
  }

  private static double accuracy(double[] given, double[] right) {
    return (double) IntStream.range(0, given.length).filter(i -> given[i] == right[i]).count()
        / given.length;
  }

  /** 2 TP / (2 TP + FP + FN), positive being label 1. */
  private static double f1(double[] given, double[] right) {
    long positives = Arrays.stream(given).filter(label -> label == 1).count();
    long expected = Arrays.stream(right).filter(label -> label == 1).count();
    long both =
        IntStream.range(0, given.length).filter(i -> given[i] == 1 && right[i] == 1).count();
    return ratio(2.0 * both, positives + expected);
  }

  /**
   * The correlation of Gorodkin (2004), which for two labels is that of Matthews (1975): with c
   * labels right of s, and label k given g_k times and right r_k times, (c s - Σ g_k r_k) /
   * sqrt((s² - Σ g_k²)(s² - Σ r_k²)).
   */
  private static double matthews(double[] given, double[] right) {
    int none = 1 + (int) Math.max(largest(given), largest(right));
    double[] labelled =
        Arrays.stream(given).map(label -> Double.isNaN(label) ? none : label).toArray();
    int labels = none + 1;
    double[] timesGiven = counts(labelled, labels);
    double[] timesRight = counts(right, labels);
    double total = given.length;
    double covariance = accuracy(given, right) * total * total - product(timesGiven, timesRight);
    double spreadGiven = total * total - product(timesGiven, timesGiven);
    double spreadRight = total * total - product(timesRight, timesRight);
    return ratio(covariance, StrictMath.sqrt(spreadGiven * spreadRight));
  }

  private static double largest(double[] values) {
    return Arrays.stream(values).filter(Double::isFinite).max().orElse(0);
  }

  private static double[] counts(double[] values, int labels) {
    double[] counts = new double[labels];
    for (double value : values) {
      counts[(int) value]++;
    }
    return counts;
  }

  private static double spearman(double[] given, double[] right) {
    return areFinite(given) ? pearson(ranks(given), ranks(right)) : 0;
  }

  private static boolean areFinite(double[] values) {
    return Arrays.stream(values).allMatch(Double::isFinite);
  }

  private static double pearson(double[] given, double[] right) {
    if (!areFinite(given)) {
      return 0;
    }
    double[] left = centred(given);
    double[] other = centred(right);
    return ratio(
        product(left, other), StrictMath.sqrt(product(left, left) * product(other, other)));
  }

  private static double[] centred(double[] values) {
    double mean = Arrays.stream(values).sum() / values.length;
    return Arrays.stream(values).map(value -> value - mean).toArray();
  }

  private static double product(double[] left, double[] right) {
    double sum = 0;
    for (int i = 0; i < left.length; i++) {
      sum += left[i] * right[i];
    }
    return sum;
  }

  /** Places in ascending order from 1; equal values share the mean of their places. */
  private static double[] ranks(double[] values) {
    int[] order =
        IntStream.range(0, values.length)
            .boxed()
            .sorted((a, b) -> Double.compare(values[a], values[b]))
            .mapToInt(Integer::intValue)
            .toArray();
    double[] ranks = new double[values.length];
    int from = 0;
    while (from < order.length) {
      int to = from;
      while (to + 1 < order.length && values[order[to + 1]] == values[order[from]]) {
        to++;
      }
      for (int i = from; i <= to; i++) {
        ranks[order[i]] = 1 + (from + to) / 2.0;
      }
      from = to + 1;
    }
    return ranks;
  }

  private static double ratio(double part, double whole) {
    return whole > 0 ? part / whole : 0;
  }
}
