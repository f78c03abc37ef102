package io.deltapress.schemas.serde;

import org.apache.kafka.common.errors.SerializationException;
import org.jspecify.annotations.Nullable;

/** The bytes are not what their topic carries; reading them again cannot help. */
public final class UndecodableRecordException extends SerializationException {
  private static final long serialVersionUID = 1L;

  UndecodableRecordException(String message) {
    super(message);
  }

  UndecodableRecordException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
