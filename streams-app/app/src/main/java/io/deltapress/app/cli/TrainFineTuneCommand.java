package io.deltapress.app.cli;

import io.deltapress.djl.train.FineTuneOptions;
import io.deltapress.djl.train.Trainer;
import io.deltapress.djl.train.TrainingRecipe;
import java.io.IOException;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code train fine-tune}: a base, or an adapter to it, learns a task file. */
@Command(
    name = "fine-tune",
    description = {
      "Train a base on a task file: of a language model its attention and feed-forward matrices,",
      "of an encoder everything, with a new classification head if it has none; or train an",
      "adapter to it."
    },
    sortOptions = false)
final class TrainFineTuneCommand extends AbstractCommand {
  @Option(
      names = "--base",
      paramLabel = "DIR",
      required = true,
      description = "Hugging Face directory of the model to start from.")
  private Path base;

  @Option(
      names = "--task",
      paramLabel = "FILE",
      required = true,
      description = {
        "What to learn: JSON lines {\"prompt\": ..., \"answer\": ...}, or for an encoder",
        "{\"text\": ..., \"text_pair\": ..., \"label\": ...}."
      })
  private Path task;

  @Mixin private TrainingFlags flags;

  @Option(
      names = "--steps",
      paramLabel = "N",
      defaultValue = "300",
      description = "Optimizer steps. Default: ${DEFAULT-VALUE}.")
  private int steps;

  @Option(
      names = "--batch-size",
      paramLabel = "N",
      defaultValue = "32",
      description = "Sequences per step. Default: ${DEFAULT-VALUE}.")
  private int batchSize;

  @Option(
      names = "--learning-rate",
      paramLabel = "X",
      defaultValue = "0.0005",
      description = "Highest learning rate. Default: ${DEFAULT-VALUE}.")
  private double learningRate;

  @Mixin private RegularizationFlags regularization;
  @Mixin private LoraFlags lora;
  @Mixin private DeviceOption device;
  @Mixin private JsonOption json;

  TrainFineTuneCommand(Shell shell) {
    super(shell);
  }

  @Override
  void run() throws IOException {
    device.use();
    flags.checkState();
    FineTuneOptions options = options();
    new TrainingRun(shell(), json)
        .run("train fine-tune", steps, listener -> Trainer.run(options, listener));
  }

  private FineTuneOptions options() {
    try {
      TrainingRecipe recipe =
          TrainingRecipe.fineTune()
              .withSteps(steps)
              .withBatchSize(batchSize)
              .withLearningRate(learningRate);
      return FineTuneOptions.of(base, task, flags.out())
          .withSeed(flags.seed())
          .withRecipe(recipe)
          .withStateEverySteps(flags.stateEverySteps())
          .withRegularization(regularization.regularization())
          .withLora(lora.options());
    } catch (IllegalArgumentException e) {
      throw new UsageException(e.getMessage());
    }
  }
}
