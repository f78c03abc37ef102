package io.deltapress.format;

/**
 * Keeps what strangers wrote from breaking or flooding a message of one line.
 *
 * <p>Tensor names, dtypes and JSON fragments of an untrusted file end up in messages; a line break
 * or a terminal escape in one of them must not reach a log or a terminal.
 */
final class OneLine {
  /** Longest quoted fragment, in characters. */
  static final int MAX_QUOTE_CHARACTERS = 120;

  private OneLine() {}

  /** The text with every control character and unpaired surrogate as a Java escape. */
  static String of(String text) {
    StringBuilder line = new StringBuilder(text.length());
    text.codePoints().forEach(codePoint -> append(line, codePoint));
    return line.toString();
  }

  /** The text in single quotes, shortened in its middle if long. */
  static String quote(String text) {
    if (text.length() <= MAX_QUOTE_CHARACTERS) {
      return "'" + of(text) + "'";
    }
    int half = MAX_QUOTE_CHARACTERS / 2;
    String head = text.substring(0, half);
    String tail = text.substring(text.length() - half);
    return "'" + of(head) + "…" + of(tail) + "' (" + text.length() + " characters)";
  }

  private static void append(StringBuilder line, int codePoint) {
    switch (Character.getType(codePoint)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE ->
          line.append(String.format("\\u%04x", codePoint));
      default -> line.appendCodePoint(codePoint);
    }
  }
}
