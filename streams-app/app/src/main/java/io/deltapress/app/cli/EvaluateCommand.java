package io.deltapress.app.cli;

import io.deltapress.djl.evaluate.EvaluationListener;
import io.deltapress.djl.evaluate.Metric;
import io.deltapress.djl.evaluate.Score;
import io.deltapress.djl.evaluate.Scorer;
import io.deltapress.djl.evaluate.TaskFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code evaluate}: how right a model is on the tasks of a file. */
@Command(
    name = "evaluate",
    description = "Ask a model every task of a file and score its answers or labels.",
    sortOptions = false)
final class EvaluateCommand extends AbstractCommand {
  /** Means of others; every other metric is among the figures of a score. */
  private static final Set<Metric> COMBINED = Set.of(Metric.ACCURACY_F1, Metric.PEARSON_SPEARMAN);

  private static final Set<String> CORRELATIONS = Set.of("matthews", "pearson", "spearman");

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
      description = {
        "JSON lines {\"prompt\": ..., \"answer\": ...} for a language model,",
        "{\"text\": ..., \"text_pair\": ..., \"label\": ...} for a classifier."
      })
  private Path task;

  @Option(
      names = "--metric",
      paramLabel = "NAME",
      description = {
        "exact-match, accuracy, f1, accuracy-f1, matthews, pearson, spearman or pearson-spearman.",
        "Default: exact-match, accuracy or pearson-spearman, as the model is."
      })
  private @Nullable String metric;

  @Option(
      names = "--delta",
      paramLabel = "PATH",
      description =
          "Apply this delta or edit artifact to the model first, or merge this PEFT LoRA adapter;"
              + " several are applied in their order.")
  private List<Path> deltas = List.of();

  @Mixin private DeviceOption device;
  @Mixin private JsonOption json;

  EvaluateCommand(Shell shell) {
    super(shell);
  }

  @Override
  void run() throws IOException {
    device.use();
    Metric chosen = chosenMetric();
    int examples = TaskFile.count(task);
    try (AppliedModel applied = AppliedModel.of(shell(), model, deltas)) {
      Score score = score(applied.directory(), chosen, examples);
      json.print(shell(), document(score), text(score));
    }
  }

  private @Nullable Metric chosenMetric() {
    try {
      return metric == null ? null : Metric.ofWireName(metric);
    } catch (IllegalArgumentException e) {
      throw new UsageException("--" + e.getMessage());
    }
  }

  private Score score(Path directory, @Nullable Metric chosen, int examples) throws IOException {
    try (Progress progress = Progress.of(shell(), "evaluate", Progress.Unit.EXAMPLES, examples)) {
      return Scorer.measure(directory, task, chosen, listener(progress));
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

  private Map<String, Object> document(Score score) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("model", model.toString());
    document.put("deltas", deltas.stream().map(Path::toString).toList());
    document.put("task", task.toString());
    document.put("metric", score.metric().wireName());
    document.put("score", score.value());
    document.putAll(score.figures());
    document.put("examples", score.examples());
    document.put("seconds", score.seconds());
    return document;
  }

  private static String text(Score score) {
    TextTable table = new TextTable();
    if (COMBINED.contains(score.metric())) {
      table.row(score.metric().wireName(), Figures.number(score.value()));
    }
    score.figures().forEach((figure, value) -> table.row(words(figure), shown(figure, value)));
    return table
        .row("examples", score.examples())
        .row("took", Figures.seconds(score.seconds()))
        .text();
  }

  /** From {@code exactMatch} to {@code exact match}. */
  private static String words(String figure) {
    return figure.replaceAll("([A-Z])", " $1").toLowerCase(Locale.ROOT);
  }

  private static String shown(String figure, double value) {
    return CORRELATIONS.contains(figure) ? Figures.number(value) : Figures.percent(value);
  }
}
