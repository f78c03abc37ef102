package io.deltapress.follower.materialise;

import io.deltapress.format.ExclusiveFile;
import io.deltapress.schemas.topic.ModelKey;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where a follower keeps its models: {@code tenant/model} below one directory, which one process
 * has at a time. Whatever belongs to no model has a name that starts with a dot, as that of no
 * tenant does.
 */
public final class FollowerDirectory implements Closeable {
  private static final String LOCK_FILE = ".lock";
  private static final String DIGESTS = ".digests";

  private final Path root;
  private final ExclusiveFile lock;

  private FollowerDirectory(Path root, ExclusiveFile lock) {
    this.root = root;
    this.lock = lock;
  }

  /**
   * Takes a directory for this process, creating it if need be.
   *
   * @throws IOException with a final message if another process has it, or it cannot be written
   */
  public static FollowerDirectory open(Path directory) throws IOException {
    ExclusiveFile lock =
        take(directory)
            .orElseThrow(
                () ->
                    new IOException(
                        "Directory %s is in use by another follower; give each its own follower.directory"
                            .formatted(directory)));
    return new FollowerDirectory(directory.toRealPath(), lock);
  }

  private static Optional<ExclusiveFile> take(Path directory) throws IOException {
    try {
      Files.createDirectories(directory);
      return ExclusiveFile.take(directory.resolve(LOCK_FILE));
    } catch (IOException e) {
      throw new IOException(
          "Directory %s cannot be written (%s); set follower.directory to one that can"
              .formatted(directory, e),
          e);
    }
  }

  /** Where the digests of bases are remembered. */
  public Path digests() {
    return root.resolve(DIGESTS);
  }

  /** The directory of a model. */
  ModelDirectory model(ModelKey model) {
    return new ModelDirectory(root.resolve(model.tenant()).resolve(model.model()));
  }

  /** Lets another process have the directory. */
  @Override
  public void close() throws IOException {
    lock.close();
  }
}
