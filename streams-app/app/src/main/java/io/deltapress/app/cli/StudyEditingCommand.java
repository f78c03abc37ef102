package io.deltapress.app.cli;

import io.deltapress.djl.memory.TensorRuntime;
import io.deltapress.djl.study.editing.EditingPlan;
import io.deltapress.djl.study.editing.EditingStudy;
import io.deltapress.djl.study.page.StudyPage;
import io.deltapress.djl.study.report.Claim;
import io.deltapress.djl.study.report.EditingDocument;
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

/** {@code study editing}: a thousand edits by every method. */
@Command(
    name = "editing",
    description = {
      "Put a thousand edits on the reference base by every method, one by one and in batches; write"
          + " results.json, results.md and plots. Ended early, it goes on when given again."
    },
    sortOptions = false)
final class StudyEditingCommand extends AbstractCommand {
  private static final int MOST_SEEDS = 100;

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
      description = "Twenty edits by methods that need no training only: about a minute.")
  private boolean quick;

  @Option(
      names = "--seeds",
      paramLabel = "N",
      defaultValue = "1",
      description = "Sequences of edits per method. Default: ${DEFAULT-VALUE}.")
  private int seeds;

  @Mixin private JsonOption json;

  StudyEditingCommand(Shell shell) {
    super(shell);
  }

  @Override
  void run() throws IOException {
    if (seeds < 1 || seeds > MOST_SEEDS) {
      throw new UsageException("--seeds must be 1 to " + MOST_SEEDS + ", not " + seeds);
    }
    Path models = reference != null ? reference : Installation.reference();
    EditingPlan plan = quick ? EditingPlan.quick(seeds) : EditingPlan.full(seeds);
    long started = System.nanoTime();
    EditingStudy.Measured measured = measure(models, plan);
    EditingDocument document =
        EditingDocument.of(
            ran(models, (System.nanoTime() - started) / 1e9, measured.reused()), plan, measured);
    List<Picture> pictures = StudyPage.write(document, out);
    if (pictures.isEmpty()) {
      shell().note("no plots: this machine has no fonts; install some and run the same again");
    }
    json.print(shell(), printed(document, pictures), text(document, pictures));
  }

  private EditingStudy.Measured measure(Path models, EditingPlan plan) throws IOException {
    try (StudyProgress shown = new StudyProgress(shell())) {
      return EditingStudy.run(out, models, plan, shown);
    }
  }

  private StudyDocument.Run ran(Path models, double seconds, int reused) {
    return new StudyDocument.Run(
        String.format(
            Locale.ROOT,
            "deltapress study editing --out DIR%s --seeds %d",
            quick ? " --quick" : "",
            seeds),
        SourceCommit.of(models),
        VersionSource.version(),
        System.getProperty("java.version"),
        TensorRuntime.engine().getEngineName() + " " + TensorRuntime.engine().getVersion(),
        Runtime.getRuntime().availableProcessors(),
        1,
        seconds,
        reused);
  }

  private record Document(
      String out,
      int rows,
      double seconds,
      List<Claim> claims,
      String results,
      List<String> pictures) {}

  private Document printed(EditingDocument document, List<Picture> pictures) {
    return new Document(
        out.toString(),
        document.rows().size(),
        document.run().seconds(),
        document.claims(),
        out.resolve(StudyPage.JSON).toString(),
        pictures.stream().map(picture -> out.resolve(picture.file()).toString()).toList());
  }

  private String text(EditingDocument document, List<Picture> pictures) {
    TextTable table = new TextTable();
    document.claims().forEach(claim -> table.row(claim.statement(), claim.verdict().wireName()));
    table.row("rows", document.rows().size());
    table.row("took", Figures.seconds(document.run().seconds()));
    table.row("tables", out.resolve(StudyPage.MARKDOWN));
    pictures.forEach(picture -> table.row("plot", out.resolve(picture.file())));
    return table.text();
  }
}
