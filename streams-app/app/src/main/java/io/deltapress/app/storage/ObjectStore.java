package io.deltapress.app.storage;

import java.io.InputStream;
import java.nio.file.Path;

/**
 * Immutable objects under content-addressed keys: three verbs and a question. Implementations are
 * safe for use by several threads and several processes at once.
 */
public interface ObjectStore {

  /** What manifests record as {@code store}, so that followers know where to look. */
  String name();

  /**
   * Makes the bytes of a file durable under their own digest. When this returns, the whole object
   * survives a crash and every reader sees it; when it throws, readers see either the whole object
   * or none. Putting an object again is right at any time and repairs one that has rotted.
   *
   * @param file is read to its end and left in place
   * @throws ObjectCorruptException if the file does not have the digest of the key
   * @throws WriteOutcomeUnknownException if the object may or may not have become durable
   * @throws StoreUnavailableException if nothing was written
   */
  void put(ObjectKey key, Path file) throws StorageException;

  /**
   * Opens a part of an object. The caller closes the stream. Nothing is verified here; wrap the
   * whole object in {@link VerifiedStream} when the reader does not check digests itself.
   *
   * @throws ObjectNotFoundException if there is no such object
   * @throws InvalidRangeException if the range starts behind the end of the object
   */
  InputStream open(ObjectKey key, ByteRange range) throws StorageException;

  /** Whether the object is there for readers; says nothing about its bytes. */
  boolean exists(ObjectKey key) throws StorageException;

  /** Removes an object. Removing one that is not there is no error. */
  void delete(ObjectKey key) throws StorageException;
}
