package io.deltapress.app.cli;

import io.deltapress.djl.memory.TensorRuntime;
import io.deltapress.djl.study.Study;
import io.deltapress.djl.study.StudyOptions;
import io.deltapress.djl.study.StudyPlan;
import io.deltapress.djl.study.page.StudyPage;
import io.deltapress.djl.study.report.Claim;
import io.deltapress.djl.study.report.ResultsMarkdown.Picture;
import io.deltapress.djl.study.report.SourceCommit;
import io.deltapress.djl.study.report.StudyDocument;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code study darex}: every way of pruning on every kind of delta. */
@Command(
    name = "darex",
    description = {
      "Prune the reference fine-tunes, and others it trains, in every way and at every rate; write"
          + " results.json, results.md and plots. Ended early, it goes on when given again."
    },
    sortOptions = false)
final class StudyDarexCommand extends AbstractCommand {
  private static final int MOST_SEEDS = 100;
  private static final int MOST_THREADS = 64;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      required = true,
      description = "Where everything goes: a new directory, or that of an earlier run.")
  private Path out;

  @Option(
      names = "--reference",
      paramLabel = "DIR",
      description = "The reference models. Default: those that came with this program.")
  private @Nullable Path reference;

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

  @Mixin private JsonOption json;

  StudyDarexCommand(Shell shell) {
    super(shell);
  }

  @Override
  void run() throws IOException {
    requireRange("--seeds", seeds, MOST_SEEDS);
    requireRange("--threads", threads, MOST_THREADS);
    Path models = reference != null ? reference : Installation.reference();
    StudyPlan plan = quick ? StudyPlan.quick(seeds) : StudyPlan.full(seeds);
    long started = System.nanoTime();
    Study.Measured measured = measure(new StudyOptions(out, models, threads), plan);
    StudyDocument document =
        StudyDocument.of(
            ran(models, (System.nanoTime() - started) / 1e9, measured.reused()), plan, measured);
    List<Picture> pictures = StudyPage.write(document, out);
    if (pictures.isEmpty()) {
      shell().note("no plots: this machine has no fonts; install some and run the same again");
    }
    json.print(shell(), printed(document, pictures), text(document, pictures));
  }

  private static void requireRange(String option, int value, int most) {
    if (value < 1 || value > most) {
      throw new UsageException(option + " must be 1 to " + most + ", not " + value);
    }
  }

  private Study.Measured measure(StudyOptions options, StudyPlan plan) throws IOException {
    try (StudyProgress shown = new StudyProgress(shell())) {
      return Study.run(options, plan, shown);
    }
  }

  private StudyDocument.Run ran(Path models, double seconds, int reused) {
    return new StudyDocument.Run(
        String.format(
            Locale.ROOT,
            "deltapress study darex --out DIR%s --seeds %d --threads %d",
            quick ? " --quick" : "",
            seeds,
            threads),
        SourceCommit.of(models),
        VersionSource.version(),
        System.getProperty("java.version"),
        TensorRuntime.engine().getEngineName() + " " + TensorRuntime.engine().getVersion(),
        Runtime.getRuntime().availableProcessors(),
        threads,
        seconds,
        reused);
  }

  private record Document(
      String out,
      int cells,
      double seconds,
      List<Claim> claims,
      String results,
      List<String> pictures) {}

  private Document printed(StudyDocument document, List<Picture> pictures) {
    return new Document(
        out.toString(),
        document.cells().size(),
        document.run().seconds(),
        document.claims(),
        out.resolve(StudyPage.JSON).toString(),
        pictures.stream().map(picture -> out.resolve(picture.file()).toString()).toList());
  }

  private String text(StudyDocument document, List<Picture> pictures) {
    TextTable table = new TextTable();
    document.claims().forEach(claim -> table.row(claim.statement(), claim.verdict().wireName()));
    table.row("cells", document.cells().size());
    table.row("took", Figures.seconds(document.run().seconds()));
    table.row("tables", out.resolve(StudyPage.MARKDOWN));
    pictures.forEach(picture -> table.row("plot", out.resolve(picture.file())));
    return table.text();
  }
}
