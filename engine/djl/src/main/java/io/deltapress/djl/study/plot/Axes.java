package io.deltapress.djl.study.plot;

import java.math.BigDecimal;
import java.util.Collection;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;

/** The scales that pictures of a study have in common. */
final class Axes {

  private static final double MARGIN = 0.04;
  private static final double ROUNDING = 1e-9;

  /** In decades; longer scales have ticks at powers of ten only. */
  private static final double LONG_SCALE = 2.5;

  private static final double LONG_SCALE_OF_RATIOS = 1.3;

  private Axes() {}

  /** Where a prune rate is drawn: each step from .9 to .99 to .999 is equally wide. */
  static double position(double pruneRate) {
    return -Math.log10(1 - pruneRate);
  }

  /** Prune rates, with a tick at each, and labels at 0 and the decades. */
  static TickAxis pruneRate(String label, Collection<Double> rates) {
    SortedMap<Double, String> ticks = new TreeMap<>();
    double lower = Double.POSITIVE_INFINITY;
    double upper = Double.NEGATIVE_INFINITY;
    for (double rate : rates) {
      double at = position(rate);
      boolean decade = Math.abs(at - Math.rint(at)) < ROUNDING;
      ticks.put(at, decade ? fraction(rate) : "");
      lower = Math.min(lower, at);
      upper = Math.max(upper, at);
    }
    double margin = Math.max(0.1, MARGIN * (upper - lower));
    return new TickAxis(label, ticks, lower - margin, upper + margin);
  }

  /** Scores from 0 to 1, in percent. */
  static TickAxis score(String label) {
    SortedMap<Double, String> ticks = new TreeMap<>();
    for (int percent = 0; percent <= 100; percent += 20) {
      ticks.put(percent / 100.0, percent + " %");
    }
    return new TickAxis(label, ticks, -0.03, 1.05);
  }

  /** A logarithmic scale over positive numbers, drawn at their base-10 logarithms. */
  static TickAxis logarithmic(String label, double smallest, double largest) {
    return logarithmic(label, smallest, largest, "", LONG_SCALE);
  }

  /** A logarithmic scale over ratios, whose labels are wide: {@code 100x}. */
  static TickAxis ratio(String label, double smallest, double largest) {
    return logarithmic(label, smallest, largest, "x", LONG_SCALE_OF_RATIOS);
  }

  private static TickAxis logarithmic(
      String label, double smallest, double largest, String suffix, double longScale) {
    SortedMap<Double, String> ticks = new TreeMap<>();
    double lower = Math.log10(smallest);
    double upper = Math.log10(largest);
    double[] steps = upper - lower > longScale ? new double[] {1} : new double[] {1, 2, 5};
    for (int power = (int) Math.floor(lower); power <= Math.ceil(upper); power++) {
      for (double step : steps) {
        double value = step * Math.pow(10, power);
        ticks.put(Math.log10(value), number(value) + suffix);
      }
    }
    double margin = MARGIN * Math.max(upper - lower, 0.5);
    return new TickAxis(label, ticks, lower - margin, upper + margin);
  }

  /** {@code .99}, as papers write probabilities. */
  static String fraction(double value) {
    String text = BigDecimal.valueOf(value).stripTrailingZeros().toPlainString();
    return text.startsWith("0.") ? text.substring(1) : text;
  }

  private static String number(double value) {
    if (value >= 1) {
      return String.format(Locale.ROOT, "%,.0f", value);
    }
    return new BigDecimal(value)
        .round(new java.math.MathContext(2))
        .stripTrailingZeros()
        .toPlainString();
  }
}
