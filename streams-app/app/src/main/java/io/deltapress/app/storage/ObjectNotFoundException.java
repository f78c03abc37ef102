package io.deltapress.app.storage;

/** The store answered, and it holds no object under the key. */
public final class ObjectNotFoundException extends StorageException {
  public ObjectNotFoundException(String store, ObjectKey key) {
    super("Store " + store + " has no object " + key + "; was it swept or never written?", null);
  }
}
