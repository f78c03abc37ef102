package io.deltapress.schemas.topic;

import java.util.regex.Pattern;

/** The pattern of names that become parts of keys and of paths. */
final class Names {
  private static final Pattern NAME = Pattern.compile("[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?");
  private static final Pattern HOST =
      Pattern.compile("[A-Za-z0-9]([A-Za-z0-9._-]{0,251}[A-Za-z0-9])?");
  private static final Pattern SHA_256 = Pattern.compile("[0-9a-f]{64}");
  private static final String RULE =
      "use 1 to 63 of a-z 0-9 . _ - that start and end with a letter or digit, without '..'";

  private Names() {}

  static boolean isName(String text) {
    return NAME.matcher(text).matches() && !text.contains("..");
  }

  static void requireName(String what, String text) {
    if (!isName(text)) {
      throw new IllegalArgumentException(
          "The %s '%s' is not a valid name: %s.".formatted(what, printable(text), RULE));
    }
  }

  static void requireHost(String text) {
    if (!HOST.matcher(text).matches() || text.contains("..")) {
      throw new IllegalArgumentException(
          "The host '%s' is not a valid name: use a host name of at most 253 characters."
              .formatted(printable(text)));
    }
  }

  static void requireSha256(String text) {
    if (!SHA_256.matcher(text).matches()) {
      throw new IllegalArgumentException(
          "'%s' is not a SHA-256: use 64 lower-case hexadecimal digits."
              .formatted(printable(text)));
    }
  }

  /** Returns text for a message: one line, of bounded length, whatever a stranger sent. */
  static String printable(String text) {
    String line = text.replaceAll("\\p{Cntrl}", "?");
    return line.length() <= 80 ? line : line.substring(0, 77) + "...";
  }
}
