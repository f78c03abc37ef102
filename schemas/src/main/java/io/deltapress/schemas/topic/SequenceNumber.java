package io.deltapress.schemas.topic;

import java.util.Locale;
import java.util.regex.Pattern;

/** The last part of a key: at least six digits, so that keys sort as their numbers do. */
final class SequenceNumber {
  private static final Pattern DIGITS = Pattern.compile("[0-9]{6}|[1-9][0-9]{6,8}");

  private SequenceNumber() {}

  static String format(int number) {
    return String.format(Locale.ROOT, "%06d", number);
  }

  static int parse(String what, String digits) {
    if (!DIGITS.matcher(digits).matches()) {
      throw new IllegalArgumentException(
          "The %s '%s' is not a number of six digits or more."
              .formatted(what, Names.printable(digits)));
    }
    return Integer.parseInt(digits);
  }
}
