package io.deltapress.follower.materialise;

import io.deltapress.schemas.topic.ModelKey;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * Where a follower keeps its models: {@code tenant/model} below one directory, which one process
 * has at a time. Whatever belongs to no model has a name that starts with a dot, as that of no
 * tenant does.
 */
public final class FollowerDirectory implements Closeable {
  private static final String LOCK_FILE = ".lock";
  private static final String DIGESTS = ".digests";

  private final Path root;
  private final FileChannel lock;

  private FollowerDirectory(Path root, FileChannel lock) {
    this.root = root;
    this.lock = lock;
  }

  /**
   * Takes a directory for this process, creating it if need be.
   *
   * @throws IOException with a final message if another process has it, or it cannot be written
   */
  public static FollowerDirectory open(Path directory) throws IOException {
    FileChannel channel = openLock(directory);
    if (tryLock(channel) == null) {
      channel.close();
      throw new IOException(
          "Directory %s is in use by another follower; give each its own follower.directory"
              .formatted(directory));
    }
    return new FollowerDirectory(directory.toRealPath(), channel);
  }

  private static FileChannel openLock(Path directory) throws IOException {
    try {
      Files.createDirectories(directory);
      return FileChannel.open(
          directory.resolve(LOCK_FILE), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    } catch (IOException e) {
      throw new IOException(
          "Directory %s cannot be written (%s); set follower.directory to one that can"
              .formatted(directory, e),
          e);
    }
  }

  private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      return null; // another follower of this very process
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
