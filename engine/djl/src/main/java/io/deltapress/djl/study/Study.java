package io.deltapress.djl.study;

import io.deltapress.format.BadInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;

/**
 * Runs a study. Results are written as they come, so that a study which was ended goes on where it
 * stopped when it is run again with the same options. Its figures depend neither on the number of
 * threads nor on interruptions.
 */
public final class Study {

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
  @SuppressWarnings("try") // locked for as long as the resource is open
  public static Measured run(StudyOptions options, StudyPlan plan, StudyListener listener)
      throws IOException {
    StudyDirectory directory = new StudyDirectory(options.out());
    try (StudyLock lock =
        StudyLock.take(directory.path(), directory.cells().getFileName().toString())) {
      Files.createDirectories(directory.models());
      Files.createDirectories(directory.tasks());
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
}
