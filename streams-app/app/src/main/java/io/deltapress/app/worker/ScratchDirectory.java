package io.deltapress.app.worker;

import io.deltapress.format.ExclusiveFile;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Where tasks write what they have not delivered yet. A lock keeps a second process out; what a
 * crashed process left behind is removed when the next one opens the directory.
 */
final class ScratchDirectory implements Closeable {
  private static final String LOCK_FILE = ".lock";
  private static final String TASKS = "tasks";

  private final Path tasks;
  private final ExclusiveFile lock;

  private ScratchDirectory(Path tasks, ExclusiveFile lock) {
    this.tasks = tasks;
    this.lock = lock;
  }

  /**
   * Takes the directory for this process and empties it.
   *
   * @throws IOException with a final message if it cannot be written or another process has it
   */
  static ScratchDirectory open(Path directory) throws IOException {
    Path tasks = directory.resolve(TASKS);
    Files.createDirectories(tasks);
    ExclusiveFile lock =
        ExclusiveFile.take(directory.resolve(LOCK_FILE))
            .orElseThrow(
                () ->
                    new IOException(
                        "Scratch directory %s is in use by another worker; give each its own worker.directory"
                            .formatted(directory)));
    removeChildren(tasks);
    return new ScratchDirectory(tasks, lock);
  }

  /** A fresh directory for one task; remove it with {@link #remove}. */
  Path newTaskDirectory() throws IOException {
    return Files.createTempDirectory(tasks, "task-");
  }

  /** Removes the directory of a task with all that is in it. */
  static void remove(Path taskDirectory) throws IOException {
    removeChildren(taskDirectory);
    Files.deleteIfExists(taskDirectory);
  }

  /** Lets another process have the directory. */
  @Override
  public void close() throws IOException {
    lock.close();
  }

  private static void removeChildren(Path directory) throws IOException {
    List<Path> below;
    try (Stream<Path> all = Files.walk(directory)) {
      below = all.filter(p -> !p.equals(directory)).sorted(Comparator.reverseOrder()).toList();
    }
    for (Path path : below) {
      Files.deleteIfExists(path);
    }
  }
}
