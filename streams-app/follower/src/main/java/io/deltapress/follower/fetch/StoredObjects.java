package io.deltapress.follower.fetch;

import io.deltapress.follower.follow.OneLine;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Reads the objects that workers put into a file store: below its directory an object lies under
 * its content-addressed key, {@code sha256/ab/ab12…}. The full key of an empty object: {@code
 * sha256/e3/e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855}.
 */
public final class StoredObjects {
  /** What manifests call this kind of store. */
  public static final String NAME = "file";

  private static final String PREFIX = "sha256/";

  private final Path root;

  /** The objects below a directory, which need not exist before one is opened. */
  public StoredObjects(Path root) {
    this.root = root;
  }

  /**
   * Opens an object; the caller closes it and checks its bytes.
   *
   * @param store name of the store as a manifest has it
   * @param key key as a manifest has it; anything but a well-formed key is refused, so that no file
   *     outside of the store can be named
   * @throws FetchException if there is no such object here
   */
  public InputStream open(String store, String key) throws IOException {
    if (!NAME.equals(store)) {
      throw new FetchException(
          "Store %s is not known to this follower, which reads only store %s; upgrade the follower"
              .formatted(OneLine.quote(store), NAME));
    }
    Path file = requireBelowRoot(key, root.resolve(requireKey(key)));
    return Files.newInputStream(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
  }

  private static String requireKey(String key) throws FetchException {
    String sha256 = key.substring(key.lastIndexOf('/') + 1);
    if (!Sha256.isHex(sha256) || !key.equals(PREFIX + sha256.substring(0, 2) + '/' + sha256)) {
      throw new FetchException(
          "Object key %s is refused: it must look like sha256/ab/ab<62 more hex digits>"
              .formatted(OneLine.quote(key)));
    }
    return key;
  }

  /** Guards against directories of the store that were replaced by links. */
  private Path requireBelowRoot(String key, Path file) throws IOException {
    try {
      Path real = file.toRealPath();
      if (!real.equals(root.toRealPath().resolve(key)) || !Files.isRegularFile(real)) {
        throw new FetchException(
            "Object %s in store directory %s is refused: it is a link or no file"
                .formatted(key, root));
      }
      return real;
    } catch (NoSuchFileException e) {
      throw new FetchException(
          "Object %s is not in store directory %s; check that store.directory is the one of the workers"
              .formatted(key, root),
          e);
    }
  }
}
