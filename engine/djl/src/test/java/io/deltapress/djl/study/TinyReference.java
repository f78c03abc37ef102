package io.deltapress.djl.study;

import io.deltapress.djl.train.BaseTrainingOptions;
import io.deltapress.djl.train.FineTuneOptions;
import io.deltapress.djl.train.ModelSize;
import io.deltapress.djl.train.Trainer;
import io.deltapress.djl.train.TrainingListener;
import io.deltapress.djl.train.TrainingRecipe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reference models so small and so hardly trained that a study of them takes a moment. */
public final class TinyReference {

  private TinyReference() {}

  /** Makes a base and one fine-tune, and lists them. */
  public static void make(Path directory) throws IOException {
    Path base = directory.resolve("base");
    Path tasks = directory.resolve("tasks");
    Trainer.run(
        BaseTrainingOptions.of(base)
            .withTasks(tasks)
            .withSize(new ModelSize(16, 16, 1, 2, 1))
            .withRecipe(TrainingRecipe.base().withSteps(1).withBatchSize(2)),
        TrainingListener.none());
    Trainer.run(
        FineTuneOptions.of(base, tasks.resolve("router-train.jsonl"), directory.resolve("router"))
            .withRecipe(
                TrainingRecipe.fineTune().withSteps(6).withBatchSize(16).withLearningRate(0.05)),
        TrainingListener.none());
    Files.writeString(
        directory.resolve("reference.json"),
        """
        {"base": {"name": "b", "directory": "base", "task": "tasks/base-unseen.jsonl",
          "weightsDigest": "00"},
         "tenants": [{"tenant": "t", "model": "router", "directory": "router",
          "task": "tasks/router-test.jsonl", "validation": "tasks/router-validation.jsonl",
          "weightsDigest": "00", "deltas": []}]}
        """);
  }
}
