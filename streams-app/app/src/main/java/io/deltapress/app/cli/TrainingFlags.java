package io.deltapress.app.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** What all trainings can be told. */
final class TrainingFlags {
  @Option(
      names = "--out",
      paramLabel = "DIR",
      required = true,
      description = "Where the result's directory goes. Appears only when the training is done.")
  private Path out;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "Same seed, threads and processor: same weights. Default: ${DEFAULT-VALUE}.")
  private long seed;

  @Option(
      names = "--resume",
      description =
          "Go on from the state that an interrupted training of the same options left beside --out.")
  private boolean resume;

  @Option(
      names = "--state-every-steps",
      paramLabel = "N",
      defaultValue = "250",
      description = "How often that state is saved. Default: ${DEFAULT-VALUE}.")
  private int stateEverySteps;

  Path out() {
    return out;
  }

  long seed() {
    return seed;
  }

  int stateEverySteps() {
    return stateEverySteps;
  }

  /** An interrupted training is continued, or thrown away, only on purpose. */
  void checkState() {
    Path state = stateFile();
    if (Files.exists(state) && !resume) {
      throw new UsageException(
          state
              + ": an interrupted training of this --out; go on with --resume, or delete that file");
    }
    if (!Files.exists(state) && resume) {
      throw new UsageException(
          state + ": no state to resume from; leave --resume out to start from the beginning");
    }
  }

  private Path stateFile() {
    return out.toAbsolutePath().resolveSibling(out.getFileName() + ".training.safetensors");
  }
}
