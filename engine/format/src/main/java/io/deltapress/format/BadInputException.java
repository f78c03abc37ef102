package io.deltapress.format;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The input breaks a rule of its format, or cannot be had at all: whoever supplied it has to supply
 * something else. The command line ends with exit code 3.
 */
public final class BadInputException extends FormatException {
  private static final long serialVersionUID = 1L;

  /** What is wrong, as far as callers tell it apart. */
  public enum Kind {
    /** A file or a value breaks a rule. */
    MALFORMED,
    /** A checkpoint lacks a tensor it has to have. */
    MISSING_TENSOR,
    /** Weights would give a result that is infinite or not a number. */
    NON_FINITE
  }

  private final Kind kind;

  /** A failure with the whole line as its message. */
  public BadInputException(String message) {
    this(message, null);
  }

  /** A failure with the whole line as its message, caused by another one. */
  public BadInputException(String message, @Nullable Throwable cause) {
    this(Kind.MALFORMED, message, cause);
  }

  private BadInputException(Kind kind, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.kind = kind;
  }

  /** A failure of the form {@code file: rule}. */
  public static BadInputException of(Path file, String rule) {
    return new BadInputException(file + ": " + rule);
  }

  /** A failure of the form {@code file: tensor 'name': rule}. The name may be anything. */
  public static BadInputException of(Path file, String tensor, String rule) {
    return of(Kind.MALFORMED, file, tensor, rule);
  }

  /** A failure of a kind, of the form {@code file: tensor 'name': rule}. */
  public static BadInputException of(Kind kind, Path file, String tensor, String rule) {
    return new BadInputException(kind, file + ": tensor " + quote(tensor) + ": " + rule, null);
  }

  /** What is wrong. */
  public Kind kind() {
    return kind;
  }

  /** What a stranger wrote, in single quotes, harmless on one line and of bounded length. */
  public static String quote(String text) {
    return OneLine.quote(text);
  }
}
