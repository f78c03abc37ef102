package io.deltapress.format.tensor;

import io.deltapress.format.BadInputException;
import io.deltapress.format.ProgressListener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;

/**
 * Feeds damaged checkpoints to {@link Checkpoints#open} and reads whatever is accepted.
 *
 * <p>{@link CheckpointFuzzTest} does a few thousand in each build. To run for an hour, build the
 * tests once and start it by hand; it stops at the first failure, keeps the input, and names the
 * seed that leads there again:
 *
 * <pre>
 * mvn -q -pl engine/format test-compile dependency:build-classpath \
 *     -Dquick -Dmdep.outputFile=target/classpath -Dmdep.includeScope=test
 * cd engine/format
 * java -Xmx256m -cp target/classes:target/test-classes:$(cat target/classpath) \
 *     io.deltapress.format.tensor.CheckpointFuzz PT1H [SEED]
 * </pre>
 */
final class CheckpointFuzz {
  private static final System.Logger LOGGER = System.getLogger(CheckpointFuzz.class.getName());
  private static final int ROUND = 10_000;

  private final Path directory;
  private final Path file;
  private final Path index;
  private final List<byte[]> seeds;
  private final byte[] seedIndex;

  /** Fuzzes in an empty directory of its own. */
  CheckpointFuzz(Path directory) throws IOException {
    this.directory = directory;
    this.file = directory.resolve("mutated.safetensors");
    this.index = directory.resolve("model.safetensors.index.json");
    this.seeds = FuzzSeeds.files();
    this.seedIndex = FuzzSeeds.writeShards(directory);
  }

  /** What came of some inputs. */
  record Outcome(int accepted, int refused) {}

  /** Tries so many inputs; deterministic for a seed. */
  Outcome run(long seed, int inputs) throws IOException {
    Random random = new Random(seed);
    Mutator mutator = new Mutator(random);
    int accepted = 0;
    for (int i = 0; i < inputs; i++) {
      boolean whole = random.nextInt(4) > 0;
      Path target = whole ? file : index;
      Files.write(
          target,
          whole
              ? mutator.mutateFile(seeds.get(random.nextInt(seeds.size())))
              : mutator.mutateJson(seedIndex));
      accepted += isAccepted(whole ? file : directory) ? 1 : 0;
    }
    return new Outcome(accepted, inputs - accepted);
  }

  /** Opens and reads; a refusal must be one line that names a file. */
  private boolean isAccepted(Path path) throws IOException {
    try (Checkpoint checkpoint = Checkpoints.open(path)) {
      for (String name : checkpoint.tensors().keySet()) {
        TensorDigest.of(checkpoint.data(name), ProgressListener.none());
      }
      return true;
    } catch (BadInputException e) {
      String message = String.valueOf(e.getMessage());
      if (message.lines().count() != 1
          || message.length() > 1000
          || !message.startsWith(directory.toString())) {
        throw new AssertionError("not one line naming the file: " + message, e);
      }
      return false;
    }
  }

  /** Runs for a duration: {@code PT1H [SEED]}. */
  public static void main(String[] arguments) throws IOException {
    Instant end = Instant.now().plus(Duration.parse(arguments[0]));
    long seed = arguments.length > 1 ? Long.parseLong(arguments[1]) : System.nanoTime();
    Path directory = Files.createTempDirectory("deltapress-fuzz");
    LOGGER.log(System.Logger.Level.INFO, "inputs go to {0}", directory);
    CheckpointFuzz fuzz = new CheckpointFuzz(directory);
    for (; Instant.now().isBefore(end); seed++) {
      try {
        Outcome outcome = fuzz.run(seed, ROUND);
        LOGGER.log(System.Logger.Level.INFO, "seed {0}: {1}", Long.toString(seed), outcome);
      } catch (IOException | RuntimeException | Error e) {
        throw new AssertionError("seed " + seed + "; the input is in " + directory, e);
      }
    }
  }
}
