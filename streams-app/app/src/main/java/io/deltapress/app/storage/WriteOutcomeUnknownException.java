package io.deltapress.app.storage;

/**
 * The object may or may not be durable: the store broke off between taking the bytes and promising
 * to keep them. Putting the same object again is always right, since puts are idempotent.
 */
public final class WriteOutcomeUnknownException extends StorageException {
  public WriteOutcomeUnknownException(String store, ObjectKey key, Throwable cause) {
    super(
        "Store %s did not confirm that object %s is durable; put it again".formatted(store, key),
        cause);
  }
}
