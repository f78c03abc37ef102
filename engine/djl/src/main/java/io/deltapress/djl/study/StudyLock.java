package io.deltapress.djl.study;

import io.deltapress.format.BadInputException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Keeps the directory of a study to one run at a time. */
public final class StudyLock implements AutoCloseable {

  private static final String LOCK = "study.lock";

  private final FileChannel channel;

  private StudyLock(FileChannel channel) {
    this.channel = channel;
  }

  /**
   * Takes a directory, which is made if it is absent.
   *
   * @param out absent, empty, or that of an earlier run
   * @param log name of the file that results go to: what tells a study's directory from others
   * @return the lock, to be closed at the end of the run
   * @throws BadInputException when the directory belongs to something else, or to a run under way
   * @throws IOException when a file cannot be written
   */
  public static StudyLock take(Path out, String log) throws IOException {
    if (Files.isDirectory(out) && !Files.exists(out.resolve(log)) && !isEmpty(out)) {
      throw BadInputException.of(
          out, "holds something else than a study; give a new directory, or that of a study");
    }
    Files.createDirectories(out);
    if (!Files.exists(out.resolve(log))) {
      Files.createFile(out.resolve(log));
    }
    FileChannel channel =
        FileChannel.open(out.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    if (lock(channel) == null) {
      channel.close();
      throw BadInputException.of(out, "another study is running there; wait, or give another one");
    }
    return new StudyLock(channel);
  }

  private static boolean isEmpty(Path directory) throws IOException {
    try (Stream<Path> children = Files.list(directory)) {
      return children.findAny().isEmpty();
    }
  }

  private static @Nullable FileLock lock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      return null;
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
