package io.deltapress.app.cli;

import io.deltapress.djl.evaluate.Evaluation;
import io.deltapress.djl.evaluate.EvaluationListener;
import io.deltapress.djl.evaluate.Evaluator;
import io.deltapress.djl.evaluate.TaskFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code evaluate}: how many tasks of a file a model answers right. */
@Command(
    name = "evaluate",
    description = "Ask a model every task of a file and count right answers.",
    sortOptions = false)
final class EvaluateCommand extends AbstractCommand {
  @Option(
      names = "--model",
      paramLabel = "DIR",
      required = true,
      description = "Hugging Face directory with config.json, weights and tokenizer.json.")
  private Path model;

  @Option(
      names = "--task",
      paramLabel = "FILE",
      required = true,
      description = "JSON lines {\"prompt\": ..., \"answer\": ...}.")
  private Path task;

  @Option(
      names = "--delta",
      paramLabel = "PATH",
      description =
          "Apply this artifact to the model first, or merge this PEFT LoRA adapter; several are"
              + " applied in their order.")
  private List<Path> deltas = List.of();

  @Mixin private JsonOption json;

  EvaluateCommand(Shell shell) {
    super(shell);
  }

  @Override
  void run() throws IOException {
    int examples = TaskFile.read(task).size();
    try (AppliedModel applied = AppliedModel.of(shell(), model, deltas)) {
      Evaluation evaluation = evaluate(applied.directory(), examples);
      json.print(shell(), document(evaluation), text(evaluation));
    }
  }

  private Evaluation evaluate(Path directory, int examples) throws IOException {
    try (Progress progress = Progress.of(shell(), "evaluate", Progress.Unit.EXAMPLES, examples)) {
      return Evaluator.evaluate(directory, task, listener(progress));
    }
  }

  private static EvaluationListener listener(Progress progress) {
    return new EvaluationListener() {
      private int shown;

      @Override
      public void evaluated(int done, int total) {
        progress.advanced(done - shown);
        shown = done;
      }
    };
  }

  private record Document(
      String model,
      List<String> deltas,
      String task,
      double exactMatch,
      double tokenAccuracy,
      int examples,
      double seconds) {}

  private Document document(Evaluation evaluation) {
    return new Document(
        model.toString(),
        deltas.stream().map(Path::toString).toList(),
        task.toString(),
        evaluation.exactMatch(),
        evaluation.tokenAccuracy(),
        evaluation.examples(),
        evaluation.seconds());
  }

  private static String text(Evaluation evaluation) {
    return new TextTable()
        .row("exact match", Figures.percent(evaluation.exactMatch()))
        .row("token accuracy", Figures.percent(evaluation.tokenAccuracy()))
        .row("examples", evaluation.examples())
        .row("took", Figures.seconds(evaluation.seconds()))
        .text();
  }
}
