package io.deltapress.app.devstack;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A broker's data directory, held by this process alone.
 *
 * <p>Kafka looks at its own lock only after it has opened the metadata log, and a second broker on
 * a live directory damages that log; hence a lock that is taken before anything else.
 */
final class BrokerDirectory implements Closeable {
  private final Path logs;
  private final DirectoryLock lock;

  private BrokerDirectory(Path logs, DirectoryLock lock) {
    this.logs = logs;
    this.lock = lock;
  }

  /**
   * @throws IOException if another process holds the directory, or it cannot be written
   */
  static BrokerDirectory acquire(Path directory) throws IOException {
    return new BrokerDirectory(
        directory.resolve("log"), DirectoryLock.acquire(directory, "broker"));
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
    lock.close();
  }
}
