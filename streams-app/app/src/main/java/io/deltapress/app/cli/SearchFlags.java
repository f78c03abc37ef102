package io.deltapress.app.cli;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What a compression may look at besides weights. */
final class SearchFlags {
  @Option(
      names = "--calibration",
      paramLabel = "FILE",
      description =
          "Text of the kind the model will see, for searches and for wanda: JSON lines {\"text\":"
              + " ...} or tasks {\"prompt\": ..., \"answer\": ...}. Never that which the result is"
              + " judged by.")
  private @Nullable Path calibration;

  @Option(
      names = "--validation",
      paramLabel = "FILE",
      description =
          "Labelled tasks to search by their score. Never those which the result is judged by.")
  private @Nullable Path validation;

  @Nullable Path calibration() {
    return calibration;
  }

  @Nullable Path validation() {
    return validation;
  }

  /** Either file, that of calibration first. */
  @Nullable Path text() {
    return calibration == null ? validation : calibration;
  }
}
