package io.deltapress.follower.follow;

/** Keeps what strangers wrote from breaking or flooding a message of one line. */
public final class OneLine {
  private static final int MAX_CHARACTERS = 500;

  private OneLine() {}

  /** The text, cut if long, with {@code ?} for whatever breaks a line or commands a terminal. */
  public static String of(String text) {
    String cut = text.length() > MAX_CHARACTERS ? text.substring(0, MAX_CHARACTERS) + "..." : text;
    return cut.replaceAll("[\\p{Cntrl}\\p{Cf}\\x{2028}\\x{2029}\\p{Cs}]", "?");
  }

  /** The text of {@link #of} in single quotes. */
  public static String quote(String text) {
    return "'" + of(text) + "'";
  }
}
