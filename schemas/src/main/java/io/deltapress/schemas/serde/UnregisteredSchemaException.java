package io.deltapress.schemas.serde;

import org.apache.kafka.common.errors.SerializationException;

/** The registry does not have, or does not take, the schema of a record to be written. */
public final class UnregisteredSchemaException extends SerializationException {
  private static final long serialVersionUID = 1L;

  UnregisteredSchemaException(String message, Throwable cause) {
    super(message, cause);
  }
}
