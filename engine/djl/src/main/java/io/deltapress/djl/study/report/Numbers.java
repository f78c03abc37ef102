package io.deltapress.djl.study.report;

import io.deltapress.djl.study.Summary;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Locale;

/** Numbers as the tables of a study show them. */
final class Numbers {

  private Numbers() {}

  /** Three decimals: more than the tasks of any test tell apart. */
  static String score(double score) {
    return String.format(Locale.ROOT, "%.3f", score);
  }

  /** {@code .943 ± .012}; without a deviation where there is one measurement only. */
  static String score(Summary score) {
    return score.count() == 1
        ? score(score.mean())
        : score(score.mean()) + " ± " + score(score.deviation());
  }

  /** At most three significant digits, no exponent: {@code 0.0175}. */
  static String plain(double value) {
    BigDecimal rounded = new BigDecimal(value).round(new MathContext(3));
    return rounded.signum() == 0 ? "0" : rounded.stripTrailingZeros().toPlainString();
  }

  /** Prune rates need all their digits: {@code 0.9995}. */
  static String rate(double rate) {
    return BigDecimal.valueOf(rate).stripTrailingZeros().toPlainString();
  }

  /** {@code 41,932}. */
  static String count(long count) {
    return String.format(Locale.ROOT, "%,d", count);
  }

  /** {@code 85.2x}. */
  static String ratio(double ratio) {
    return String.format(Locale.ROOT, ratio < 100 ? "%.1fx" : "%.0fx", ratio);
  }

  /** {@code 12.3 %}. */
  static String percent(double share) {
    return String.format(Locale.ROOT, "%.1f %%", 100 * share);
  }
}
