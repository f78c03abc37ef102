package io.deltapress.app.cli;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Locale;

/** Numbers as people read them; the same words everywhere. */
final class Figures {
  private Figures() {}

  /** Decimal units with three significant digits: {@code 6.44 GB}. */
  static String bytes(long bytes) {
    if (bytes < 1000) {
      return bytes + " B";
    }
    double value = bytes;
    int unit = -1;
    while (value >= 999.5 && unit < 3) {
      value /= 1000;
      unit++;
    }
    return threeDigits(value) + " " + new String[] {"kB", "MB", "GB", "TB"}[unit];
  }

  /** {@code 85.2x}. */
  static String ratio(double ratio) {
    return threeDigits(ratio) + "x";
  }

  /** {@code 3.21 s}. */
  static String seconds(double seconds) {
    return threeDigits(seconds) + " s";
  }

  /** A share as people compare them: {@code 98.7 %}. */
  static String percent(double share) {
    return String.format(Locale.ROOT, "%.1f %%", 100 * share);
  }

  /** At most six significant digits and no more than needed: {@code 0.99}, {@code 1.5e-7}. */
  static String number(double value) {
    double rounded = new BigDecimal(value).round(new MathContext(6)).doubleValue();
    String text = Double.toString(rounded).toLowerCase(Locale.ROOT);
    return text.endsWith(".0") ? text.substring(0, text.length() - 2) : text;
  }

  private static String threeDigits(double value) {
    int decimals = value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2;
    return String.format(Locale.ROOT, "%." + decimals + "f", value);
  }
}
