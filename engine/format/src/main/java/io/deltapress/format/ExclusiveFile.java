package io.deltapress.format;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A file that one holder has at a time, on this machine: until it is closed, or its process ends,
 * however it ends.
 */
public final class ExclusiveFile implements Closeable {
  private final FileChannel channel;

  private ExclusiveFile(FileChannel channel) {
    this.channel = channel;
  }

  /**
   * Takes a file, which is made if it is absent.
   *
   * @return empty if another process has it, or another holder in this one
   * @throws IOException if it cannot be written
   */
  public static Optional<ExclusiveFile> take(Path file) throws IOException {
    FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    if (lock(channel) == null) {
      channel.close();
      return Optional.empty();
    }
    return Optional.of(new ExclusiveFile(channel));
  }

  private static @Nullable FileLock lock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      return null; // somebody in this very process has it
    }
  }

  /** Lets somebody else have it. */
  @Override
  public void close() throws IOException {
    channel.close();
  }
}
