package io.deltapress.app.cli.client;

import org.jspecify.annotations.Nullable;

/** Broker or registry did not do what was asked; the message is one line for a person. */
public final class PipelineException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  PipelineException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
