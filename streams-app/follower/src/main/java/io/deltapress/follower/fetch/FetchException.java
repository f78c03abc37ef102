package io.deltapress.follower.fetch;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * A shard cannot be had, or not with the bytes that were promised. The message is final: one line
 * that says what, where, and what to do.
 */
public final class FetchException extends IOException {
  private static final long serialVersionUID = 1L;

  /** A failure with the whole line as its message. */
  public FetchException(String message) {
    super(message);
  }

  /** A failure with the whole line as its message, caused by another one. */
  public FetchException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
