package io.deltapress.schemas.serde;

import org.apache.kafka.common.errors.RetriableException;

/**
 * The registry did not answer, or not sensibly, for as long as was waited. Nothing is known about
 * the record: reading or writing it again later may well succeed.
 */
public final class RegistryUnavailableException extends RetriableException {
  private static final long serialVersionUID = 1L;

  RegistryUnavailableException(String message, Throwable cause) {
    super(message, cause);
  }
}
