package io.deltapress.app.cli.demo;

import org.jspecify.annotations.Nullable;

/** The demo did not come to its end; the message is one line for a person. */
public final class DemoException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  DemoException(String message) {
    this(message, null);
  }

  DemoException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
