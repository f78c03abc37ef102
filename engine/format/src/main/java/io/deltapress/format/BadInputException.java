package io.deltapress.format;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The input breaks a rule of its format, or cannot be had at all: whoever supplied it has to supply
 * something else. The command line ends with exit code 3.
 */
public final class BadInputException extends FormatException {
  private static final long serialVersionUID = 1L;

  /** A failure with the whole line as its message. */
  public BadInputException(String message) {
    super(message, null);
  }

  /** A failure with the whole line as its message, caused by another one. */
  public BadInputException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  /** A failure of the form {@code file: rule}. */
  public static BadInputException of(Path file, String rule) {
    return new BadInputException(file + ": " + rule);
  }

  /** A failure of the form {@code file: tensor 'name': rule}. The name may be anything. */
  public static BadInputException of(Path file, String tensor, String rule) {
    return new BadInputException(file + ": tensor " + quote(tensor) + ": " + rule);
  }

  /** What a stranger wrote, in single quotes, harmless on one line and of bounded length. */
  public static String quote(String text) {
    return OneLine.quote(text);
  }
}
