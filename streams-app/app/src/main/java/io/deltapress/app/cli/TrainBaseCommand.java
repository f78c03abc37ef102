package io.deltapress.app.cli;

import io.deltapress.djl.train.BaseTrainingOptions;
import io.deltapress.djl.train.ModelSize;
import io.deltapress.djl.train.Trainer;
import io.deltapress.djl.train.TrainingRecipe;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code train base}: a model that knows a generated world of facts, and the tasks to ask it. */
@Command(
    name = "base",
    description = "Generate a world of facts and train a base on it; writes its task files too.",
    sortOptions = false)
final class TrainBaseCommand extends AbstractCommand {
  @Mixin private TrainingFlags flags;

  @Option(
      names = "--tasks",
      paramLabel = "DIR",
      description = "Where task files go. Default: tasks in the model directory.")
  private @Nullable Path tasks;

  @Option(
      names = "--steps",
      paramLabel = "N",
      defaultValue = "1500",
      description = "Optimizer steps. Default: ${DEFAULT-VALUE}.")
  private int steps;

  @Option(
      names = "--batch-size",
      paramLabel = "N",
      defaultValue = "64",
      description = "Sequences per step. Default: ${DEFAULT-VALUE}.")
  private int batchSize;

  @Option(
      names = "--learning-rate",
      paramLabel = "X",
      defaultValue = "0.001",
      description = "Highest learning rate. Default: ${DEFAULT-VALUE}.")
  private double learningRate;

  @Option(
      names = "--hidden-size",
      paramLabel = "N",
      defaultValue = "192",
      description = "Width of the model. Default: ${DEFAULT-VALUE}.")
  private int hidden;

  @Option(
      names = "--feed-forward-size",
      paramLabel = "N",
      defaultValue = "512",
      description = "Width of its feed-forward. Default: ${DEFAULT-VALUE}.")
  private int feedForward;

  @Option(
      names = "--layers",
      paramLabel = "N",
      defaultValue = "4",
      description = "Decoder blocks. Default: ${DEFAULT-VALUE}.")
  private int layers;

  @Option(
      names = "--heads",
      paramLabel = "N",
      defaultValue = "6",
      description = "Query heads. Default: ${DEFAULT-VALUE}.")
  private int heads;

  @Option(
      names = "--key-value-heads",
      paramLabel = "N",
      defaultValue = "3",
      description = "Key and value heads. Default: ${DEFAULT-VALUE}.")
  private int keyValueHeads;

  @Mixin private JsonOption json;

  TrainBaseCommand(Shell shell) {
    super(shell);
  }

  @Override
  void run() throws IOException {
    flags.checkState();
    BaseTrainingOptions options = options();
    new TrainingRun(shell(), json)
        .run("train base", steps, listener -> Trainer.run(options, listener));
  }

  private BaseTrainingOptions options() {
    try {
      TrainingRecipe recipe =
          TrainingRecipe.base()
              .withSteps(steps)
              .withBatchSize(batchSize)
              .withLearningRate(learningRate);
      BaseTrainingOptions options =
          BaseTrainingOptions.of(flags.out())
              .withSeed(flags.seed())
              .withSize(new ModelSize(hidden, feedForward, layers, heads, keyValueHeads))
              .withRecipe(recipe)
              .withStateEverySteps(flags.stateEverySteps());
      return tasks == null ? options : options.withTasks(tasks);
    } catch (IllegalArgumentException e) {
      throw new UsageException(e.getMessage());
    }
  }
}
