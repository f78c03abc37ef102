package io.deltapress.app.storage;

/**
 * The store could not be used at all: it is unreachable, full, or refuses access. Nothing was
 * written, and trying again later may work.
 */
public final class StoreUnavailableException extends StorageException {
  public StoreUnavailableException(String message, Throwable cause) {
    super(message, cause);
  }
}
