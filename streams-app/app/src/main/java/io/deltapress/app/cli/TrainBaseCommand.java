package io.deltapress.app.cli;

import io.deltapress.djl.train.BaseTrainingOptions;
import io.deltapress.djl.train.EncoderPreTraining;
import io.deltapress.djl.train.ModelSize;
import io.deltapress.djl.train.Trainer;
import io.deltapress.djl.train.TrainingRecipe;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * {@code train base}: a model that knows a generated world of facts, and the tasks to ask it; or an
 * encoder that knows the world's words, and texts to classify.
 */
@Command(
    name = "base",
    description = "Generate a world of facts and train a base on it; writes its task files too.",
    sortOptions = false)
final class TrainBaseCommand extends AbstractCommand {
  @Option(
      names = "--architecture",
      paramLabel = "NAME",
      defaultValue = "llama",
      description =
          "llama (answers prompts) or bert (classifies texts). Default: ${DEFAULT-VALUE}.")
  private String architecture;

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
      description = "Width of the model. Default: 192, 128 of a bert.")
  private @Nullable Integer hidden;

  @Option(
      names = "--feed-forward-size",
      paramLabel = "N",
      description = "Width of its feed-forward. Default: 512, 384 of a bert.")
  private @Nullable Integer feedForward;

  @Option(names = "--layers", paramLabel = "N", description = "Blocks. Default: 4, 3 of a bert.")
  private @Nullable Integer layers;

  @Option(
      names = "--heads",
      paramLabel = "N",
      description = "Query heads. Default: 6, 4 of a bert.")
  private @Nullable Integer heads;

  @Option(
      names = "--key-value-heads",
      paramLabel = "N",
      description = "Key and value heads. Default: 3; as many as query heads of a bert.")
  private @Nullable Integer keyValueHeads;

  @Mixin private DeviceOption device;
  @Mixin private JsonOption json;

  TrainBaseCommand(Shell shell) {
    super(shell);
  }

  @Override
  void run() throws IOException {
    device.use();
    flags.checkState();
    boolean encoder = isEncoder();
    BaseTrainingOptions options = options(encoder);
    new TrainingRun(shell(), json)
        .run(
            "train base",
            steps,
            listener ->
                encoder
                    ? EncoderPreTraining.run(options, listener)
                    : Trainer.run(options, listener));
  }

  private boolean isEncoder() {
    return switch (architecture) {
      case "llama" -> false;
      case "bert" -> true;
      default ->
          throw new UsageException(
              "--architecture %s is unknown; choose llama or bert".formatted(architecture));
    };
  }

  private BaseTrainingOptions options(boolean encoder) {
    try {
      BaseTrainingOptions defaults =
          encoder ? EncoderPreTraining.options(flags.out()) : BaseTrainingOptions.of(flags.out());
      TrainingRecipe recipe =
          defaults
              .recipe()
              .withSteps(steps)
              .withBatchSize(batchSize)
              .withLearningRate(learningRate);
      BaseTrainingOptions options =
          defaults
              .withSeed(flags.seed())
              .withSize(size(defaults.size(), encoder))
              .withRecipe(recipe)
              .withStateEverySteps(flags.stateEverySteps());
      return tasks == null ? options : options.withTasks(tasks);
    } catch (IllegalArgumentException e) {
      throw new UsageException(e.getMessage());
    }
  }

  private ModelSize size(ModelSize defaults, boolean encoder) {
    int queryHeads = given(heads, defaults.heads());
    return new ModelSize(
        given(hidden, defaults.hidden()),
        given(feedForward, defaults.feedForward()),
        given(layers, defaults.layers()),
        queryHeads,
        given(keyValueHeads, encoder ? queryHeads : defaults.keyValueHeads()));
  }

  private static int given(@Nullable Integer value, int fallback) {
    return value == null ? fallback : value;
  }
}
