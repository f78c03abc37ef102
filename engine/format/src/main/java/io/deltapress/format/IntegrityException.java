package io.deltapress.format;

import org.jspecify.annotations.Nullable;

/**
 * The bytes are well-formed but not the ones that were promised: a digest or a checksum differs.
 * The command line ends with exit code 4.
 */
public final class IntegrityException extends FormatException {
  private static final long serialVersionUID = 1L;

  /** A failure with the whole line as its message. */
  public IntegrityException(String message) {
    super(message, null);
  }

  /** A failure with the whole line as its message, caused by another one. */
  public IntegrityException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
