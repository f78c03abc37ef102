package io.deltapress.format;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * A failure whose message is final: one line that says what is wrong, where, and what to do about
 * it, ready to be shown to a person.
 */
public abstract class FormatException extends IOException {
  private static final long serialVersionUID = 1L;

  FormatException(String message, @Nullable Throwable cause) {
    super(OneLine.of(message), cause);
  }
}
