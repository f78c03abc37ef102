package io.deltapress.app.cli;

/** What strangers wrote, made harmless for a terminal and short enough for a line. */
final class Printable {
  private static final int MOST_CHARACTERS = 200;

  private Printable() {}

  static String of(String text) {
    String line = text.replaceAll("[\\p{Cntrl}\\p{Cf}\\u2028\\u2029]", "?");
    return line.length() <= MOST_CHARACTERS ? line : line.substring(0, MOST_CHARACTERS - 1) + "…";
  }
}
