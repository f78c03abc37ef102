package io.deltapress.djl.study;

import io.deltapress.format.BadInputException;
import io.deltapress.format.ExclusiveFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Keeps the directory of a study to one run at a time. */
public final class StudyLock implements AutoCloseable {

  private static final String LOCK = "study.lock";

  private final ExclusiveFile file;

  private StudyLock(ExclusiveFile file) {
    this.file = file;
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
    return new StudyLock(
        ExclusiveFile.take(out.resolve(LOCK))
            .orElseThrow(
                () ->
                    BadInputException.of(
                        out, "another study is running there; wait, or give another one")));
  }

  private static boolean isEmpty(Path directory) throws IOException {
    try (Stream<Path> children = Files.list(directory)) {
      return children.findAny().isEmpty();
    }
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
