package io.deltapress.app.setup;

import java.io.IOException;

/** The broker or the registry could not be prepared; the message is one line for a person. */
public final class SetupException extends IOException {
  private static final long serialVersionUID = 1L;

  SetupException(String message, Throwable cause) {
    super(message, cause);
  }
}
