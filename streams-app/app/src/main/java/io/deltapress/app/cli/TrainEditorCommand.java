package io.deltapress.app.cli;

import io.deltapress.djl.edit.EditorMethod;
import io.deltapress.djl.edit.EditorSettings;
import io.deltapress.djl.train.EditorOptions;
import io.deltapress.djl.train.EditorTrainer;
import io.deltapress.djl.train.TrainingRecipe;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code train editor}: an editor learns to make edits of a model that hold and stay local. */
@Command(
    name = "editor",
    description = {
      "Train an editor for a model on edit requests: what it makes of a request must hold for the",
      "request's rephrasings and change nothing else. The model itself does not change."
    },
    sortOptions = false)
final class TrainEditorCommand extends AbstractCommand {
  @Option(
      names = "--model",
      paramLabel = "DIR",
      required = true,
      description = "Hugging Face directory of the model whose edits are learned.")
  private Path model;

  @Option(
      names = "--requests",
      paramLabel = "FILE",
      required = true,
      description = {
        "Edit requests to learn from, in a JSON array or as JSON lines: EasyEdit's flat fields, or",
        "a template with {} as ROME and MEMIT have it. Rephrasings and locality prompts count."
      })
  private Path requests;

  @Mixin private TrainingFlags flags;

  @Option(
      names = "--method",
      paramLabel = "NAME",
      defaultValue = "mend",
      description = "mend or malmen. Default: ${DEFAULT-VALUE}.")
  private String method;

  @Option(
      names = "--layers",
      paramLabel = "GLOB",
      description =
          "Edit only weights whose names match, such as '*.mlp.down_proj.*'; may be repeated."
              + " Default: the feed-forward matrices of the last three blocks.")
  private List<String> layers = List.of();

  @Option(
      names = "--rank",
      paramLabel = "R",
      defaultValue = "128",
      description = "Rank of the editor's matrices. Default: ${DEFAULT-VALUE}.")
  private int rank;

  @Option(
      names = "--steps",
      paramLabel = "N",
      defaultValue = "600",
      description = "Optimizer steps. Default: ${DEFAULT-VALUE}.")
  private int steps;

  @Option(
      names = "--batch-size",
      paramLabel = "N",
      defaultValue = "8",
      description = {
        "Edits per step. A batch of malmen is put on the model together, one of mend is not.",
        "Default: ${DEFAULT-VALUE}."
      })
  private int batchSize;

  @Option(
      names = "--learning-rate",
      paramLabel = "X",
      defaultValue = "0.001",
      description = "Highest learning rate. Default: ${DEFAULT-VALUE}.")
  private double learningRate;

  @Option(
      names = "--edit-rate",
      paramLabel = "X",
      defaultValue = "0.001",
      description =
          "First value of the rate of each layer, which is learned. Default: ${DEFAULT-VALUE}.")
  private double editRate;

  @Option(
      names = "--edit-weight",
      paramLabel = "X",
      description =
          "Weight in the loss of the edits themselves, c_e. Default: 0.1 for mend, 1 for malmen.")
  private @Nullable Double editWeight;

  @Option(
      names = "--locality-weight",
      paramLabel = "X",
      defaultValue = "1",
      description = "Weight in the loss of what must not change. Default: ${DEFAULT-VALUE}.")
  private double localityWeight;

  @Option(
      names = "--locality-prompts",
      paramLabel = "N",
      defaultValue = "4",
      description = "Prompts that must not change, per edit and step. Default: ${DEFAULT-VALUE}.")
  private int localityPrompts;

  @Mixin private DeviceOption device;
  @Mixin private JsonOption json;

  TrainEditorCommand(Shell shell) {
    super(shell);
  }

  @Override
  void run() throws IOException {
    device.use();
    flags.checkState();
    EditorOptions options = options();
    new TrainingRun(shell(), json)
        .run("train editor", steps, listener -> EditorTrainer.run(options, listener));
  }

  private EditorOptions options() {
    try {
      EditorMethod chosen = EditorMethod.ofWireName(method);
      double weight = editWeight == null ? chosen.editWeight() : editWeight;
      EditorSettings settings =
          new EditorSettings(
              chosen, layers, rank, editRate, weight, localityWeight, localityPrompts);
      TrainingRecipe recipe =
          TrainingRecipe.editor()
              .withSteps(steps)
              .withBatchSize(batchSize)
              .withLearningRate(learningRate);
      return new EditorOptions(
          model, requests, flags.out(), flags.seed(), recipe, flags.stateEverySteps(), settings);
    } catch (IllegalArgumentException e) {
      throw new UsageException(e.getMessage());
    }
  }
}
