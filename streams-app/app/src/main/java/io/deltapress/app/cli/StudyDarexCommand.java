package io.deltapress.app.cli;

import io.deltapress.djl.study.Study;
import io.deltapress.djl.study.StudyOptions;
import io.deltapress.djl.study.StudyPlan;
import io.deltapress.djl.study.page.StudyPage;
import io.deltapress.djl.study.report.ResultsMarkdown.Picture;
import io.deltapress.djl.study.report.StudyDocument;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code study darex}: every way of pruning on every kind of delta. */
@Command(
    name = "darex",
    description = {
      "Prune the reference fine-tunes, and others it trains, in every way and at every rate; write"
          + " results.json, results.md and plots. Ended early, it goes on when given again."
    },
    sortOptions = false)
final class StudyDarexCommand extends StudyRunCommand {
  private static final int MOST_SEEDS = 100;
  private static final int MOST_THREADS = 64;

  @Option(
      names = "--quick",
      description = "Shipped models, three rates and three techniques only: about a minute.")
  private boolean quick;

  @Option(
      names = "--seeds",
      paramLabel = "N",
      defaultValue = "4",
      description = "Masks per cell. Default: ${DEFAULT-VALUE}.")
  private int seeds;

  @Option(
      names = "--threads",
      paramLabel = "N",
      defaultValue = "2",
      description = "Workers; figures do not depend on it. Default: ${DEFAULT-VALUE}.")
  private int threads;

  StudyDarexCommand(Shell shell) {
    super(shell);
  }

  @Override
  void run() throws IOException {
    requireRange("--seeds", seeds, MOST_SEEDS);
    requireRange("--threads", threads, MOST_THREADS);
    StudyPlan plan = quick ? StudyPlan.quick(seeds) : StudyPlan.full(seeds);
    long started = System.nanoTime();
    Study.Measured measured = measure(new StudyOptions(out(), models(), threads), plan);
    StudyDocument document =
        StudyDocument.of(ran(command(), threads, started, measured.reused()), plan, measured);
    List<Picture> pictures = StudyPage.write(document, out());
    print("cells", document.cells().size(), document.run(), document.claims(), pictures);
  }

  private Study.Measured measure(StudyOptions options, StudyPlan plan) throws IOException {
    try (StudyProgress shown = new StudyProgress(shell())) {
      return Study.run(options, plan, shown);
    }
  }

  private String command() {
    return String.format(
        Locale.ROOT,
        "deltapress study darex --out DIR%s --seeds %d --threads %d",
        quick ? " --quick" : "",
        seeds,
        threads);
  }
}
