package io.deltapress.djl.world;

import io.deltapress.djl.edit.EditRequestFile;
import io.deltapress.djl.evaluate.LabelFile;
import io.deltapress.djl.evaluate.Task;
import io.deltapress.djl.evaluate.TaskFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Writes the task files of a world: what its base and its tenants are trained and tested on. */
public final class WorldTasks {

  private static final int NEW_ENTITIES = 20;
  private static final int TRAINING_EDITS = 800;
  private static final int TRAINING_LOCALITY = 6;
  private static final int TEST_EDITS = 60;
  private static final int TEST_LOCALITY = 12;

  private WorldTasks() {}

  /**
   * Writes all files: {@code base-seen}, {@code base-unseen}, for the tenants {@code router},
   * {@code facts-small} and {@code facts-large} one each for training, validation and test, and
   * {@code edits-train} and {@code edits-test}, which ask about different entities.
   *
   * @param world where tasks come from
   * @param directory where files go; created
   * @throws IOException when a file cannot be written
   */
  public static void write(FactWorld world, Path directory) throws IOException {
    Files.createDirectories(directory);
    write(directory, "base-seen", world.trainingTasks());
    write(directory, "base-unseen", world.unseenTasks());
    write(directory, "router", new TicketRouting(world).split());
    write(directory, "facts-small", world.newFacts(0, NEW_ENTITIES));
    write(directory, "facts-large", world.newFacts(1, NEW_ENTITIES));
    CounterfactualEdits edits = new CounterfactualEdits(world);
    EditRequestFile.write(
        directory.resolve("edits-train.jsonl"),
        edits.draw(CounterfactualEdits.Group.TRAINING, TRAINING_EDITS, TRAINING_LOCALITY));
    EditRequestFile.write(
        directory.resolve("edits-test.jsonl"),
        edits.draw(CounterfactualEdits.Group.HELD_OUT, TEST_EDITS, TEST_LOCALITY));
  }

  /**
   * Writes the files of an encoder's tenant {@code desk}, who routes tickets by label: one each for
   * training, validation and test.
   *
   * @param world where tickets come from
   * @param directory where files go; created
   * @throws IOException when a file cannot be written
   */
  public static void writeLabelled(FactWorld world, Path directory) throws IOException {
    Files.createDirectories(directory);
    LabelSplit split = new TicketRouting(world).labelled();
    LabelFile.write(directory.resolve("desk-train.jsonl"), split.training());
    LabelFile.write(directory.resolve("desk-validation.jsonl"), split.validation());
    LabelFile.write(directory.resolve("desk-test.jsonl"), split.test());
  }

  private static void write(Path directory, String tenant, TaskSplit split) throws IOException {
    write(directory, tenant + "-train", split.training());
    write(directory, tenant + "-validation", split.validation());
    write(directory, tenant + "-test", split.test());
  }

  private static void write(Path directory, String name, List<Task> tasks) throws IOException {
    TaskFile.write(directory.resolve(name + ".jsonl"), tasks);
  }
}
