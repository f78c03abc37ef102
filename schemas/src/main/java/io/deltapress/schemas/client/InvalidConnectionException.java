package io.deltapress.schemas.client;

/**
 * A setting of the connection is missing or makes no sense; the message is one line for a person.
 */
public final class InvalidConnectionException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  InvalidConnectionException(String message) {
    super(message);
  }
}
