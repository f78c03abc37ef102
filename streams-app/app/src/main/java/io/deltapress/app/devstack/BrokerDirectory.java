package io.deltapress.app.devstack;

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
 * A broker's data directory, held by this process alone.
 *
 * <p>Kafka looks at its own lock only after it has opened the metadata log, and a second broker on
 * a live directory damages that log; hence a lock that is taken before anything else.
 */
final class BrokerDirectory implements Closeable {
  private final Path logs;
  private final FileChannel channel;

  private BrokerDirectory(Path logs, FileChannel channel) {
    this.logs = logs;
    this.channel = channel;
  }

  /**
   * @throws IOException if another process holds the directory, or it cannot be written
   */
  static BrokerDirectory acquire(Path directory) throws IOException {
    Files.createDirectories(directory);
    FileChannel channel =
        FileChannel.open(
            directory.resolve("deltapress.lock"),
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE);
    if (tryLock(channel) == null) {
      channel.close();
      throw new IOException(
          directory + " is in use by another broker: stop that one, or choose another directory");
    }
    return new BrokerDirectory(directory.resolve("log"), channel);
  }

  private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      return null;
    }
  }

  /** Where the broker keeps its logs. */
  Path logs() {
    return logs;
  }

  /** Whether a broker has never run here. */
  boolean isNew() {
    return !Files.exists(logs.resolve("meta.properties"));
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
