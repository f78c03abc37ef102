package io.deltapress.app.storage;

/** A range that starts behind the end of the object it was asked of. */
public final class InvalidRangeException extends StorageException {
  public InvalidRangeException(String store, ObjectKey key, ByteRange range, long length) {
    super(
        "Object %s of store %s has %d bytes; the range %s starts behind them"
            .formatted(key, store, length, range),
        null);
  }
}
