package io.deltapress.djl.study;

import io.deltapress.format.BadInputException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Runs a study. Results are written as they come, so that a study which was ended goes on where it
 * stopped when it is run again with the same options. Its figures depend neither on the number of
 * threads nor on interruptions.
 */
public final class Study {

  private static final String LOCK = "study.lock";

  private Study() {}

  /**
   * Runs a study, or what is left of it.
   *
   * @param options where and how
   * @param plan what to measure
   * @param listener told of every part
   * @return what was measured, now and before
   * @throws BadInputException when the directory belongs to something else, or a model is unusable
   * @throws IOException when a file cannot be read or written
   */
  @SuppressWarnings("try") // locked for as long as the resources are open
  public static Measured run(StudyOptions options, StudyPlan plan, StudyListener listener)
      throws IOException {
    StudyDirectory directory = new StudyDirectory(options.out());
    prepare(directory);
    try (FileChannel channel =
            FileChannel.open(
                options.out().resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock = lock(options.out(), channel)) {
      return new StudySession(options, plan, directory, listener).run();
    }
  }

  /**
   * Everything that was measured, in the order of the plan.
   *
   * @param fineTunes what is known of each fine-tune
   * @param cells one per fine-tune, technique and prune rate
   * @param sizes the smallest artifacts
   * @param generated sizes of artifacts of made-up weights
   * @param reused how many of the cells and sizes an earlier run had measured
   */
  public record Measured(
      List<FineTuneFacts> fineTunes,
      List<Cell> cells,
      List<SizeRow> sizes,
      List<GeneratedSize> generated,
      int reused) {

    /** Makes the lists unmodifiable. */
    public Measured {
      fineTunes = List.copyOf(fineTunes);
      cells = List.copyOf(cells);
      sizes = List.copyOf(sizes);
      generated = List.copyOf(generated);
    }
  }

  private static void prepare(StudyDirectory directory) throws IOException {
    Path out = directory.path();
    if (Files.isDirectory(out) && !Files.exists(directory.cells()) && !isEmpty(out)) {
      throw BadInputException.of(
          out, "holds something else than a study; give a new directory, or that of a study");
    }
    Files.createDirectories(directory.models());
    Files.createDirectories(directory.tasks());
    if (!Files.exists(directory.cells())) {
      Files.createFile(directory.cells());
    }
  }

  private static boolean isEmpty(Path directory) throws IOException {
    try (Stream<Path> children = Files.list(directory)) {
      return children.findAny().isEmpty();
    }
  }

  private static FileLock lock(Path out, FileChannel channel) throws IOException {
    @Nullable FileLock lock;
    try {
      lock = channel.tryLock();
    } catch (OverlappingFileLockException e) {
      lock = null;
    }
    if (lock == null) {
      throw BadInputException.of(out, "another study is running there; wait, or give another one");
    }
    return lock;
  }
}
