package io.deltapress.app.devstack;

import io.deltapress.format.ExclusiveFile;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A directory held by this process alone until closed or until the process ends. */
final class DirectoryLock implements Closeable {
  private final ExclusiveFile file;

  private DirectoryLock(ExclusiveFile file) {
    this.file = file;
  }

  /**
   * Takes a directory, making it where it is missing.
   *
   * @param holder what usually holds such a directory, for the message
   * @throws IOException if it is held already, or cannot be written
   */
  static DirectoryLock acquire(Path directory, String holder) throws IOException {
    Files.createDirectories(directory);
    return new DirectoryLock(
        ExclusiveFile.take(directory.resolve("deltapress.lock"))
            .orElseThrow(
                () ->
                    new IOException(
                        "%s is in use by another %s: stop that one, or choose another directory"
                            .formatted(directory, holder))));
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
