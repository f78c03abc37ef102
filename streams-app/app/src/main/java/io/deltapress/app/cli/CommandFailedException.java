package io.deltapress.app.cli;

import org.jspecify.annotations.Nullable;

/** A failure already put into one line for a person; ends with exit code 1. */
final class CommandFailedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  CommandFailedException(String message) {
    super(message);
  }

  CommandFailedException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
