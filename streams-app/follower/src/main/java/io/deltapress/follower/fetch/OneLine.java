package io.deltapress.follower.fetch;

/** Keeps what strangers wrote from breaking or flooding a message of one line. */
final class OneLine {
  private static final int MAX_CHARACTERS = 120;

  private OneLine() {}

  /** The text in single quotes, cut if long, with {@code ?} for whatever is not printable ASCII. */
  static String quote(String text) {
    String cut = text.length() > MAX_CHARACTERS ? text.substring(0, MAX_CHARACTERS) + "..." : text;
    return "'" + cut.replaceAll("[^\\x20-\\x7e]", "?") + "'";
  }
}
