package io.deltapress.app.storage;

/** Bytes that do not have the digest their key promises, either in the store or on their way in. */
public final class ObjectCorruptException extends StorageException {
  public ObjectCorruptException(String what, ObjectKey key, String actualSha256) {
    super(
        "%s does not have the digest of %s: its bytes have SHA-256 %s; publish the object again"
            .formatted(what, key, actualSha256),
        null);
  }
}
