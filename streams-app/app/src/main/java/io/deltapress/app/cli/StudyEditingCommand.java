package io.deltapress.app.cli;

import io.deltapress.djl.study.editing.EditingPlan;
import io.deltapress.djl.study.editing.EditingStudy;
import io.deltapress.djl.study.page.StudyPage;
import io.deltapress.djl.study.report.EditingDocument;
import io.deltapress.djl.study.report.ResultsMarkdown.Picture;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code study editing}: a thousand edits by every method. */
@Command(
    name = "editing",
    description = {
      "Put a thousand edits on the reference base by every method, one by one and in batches; write"
          + " results.json, results.md and plots. Ended early, it goes on when given again."
    },
    sortOptions = false)
final class StudyEditingCommand extends StudyRunCommand {
  private static final int MOST_SEEDS = 100;

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

  StudyEditingCommand(Shell shell) {
    super(shell);
  }

  @Override
  void run() throws IOException {
    requireRange("--seeds", seeds, MOST_SEEDS);
    EditingPlan plan = quick ? EditingPlan.quick(seeds) : EditingPlan.full(seeds);
    long started = System.nanoTime();
    EditingStudy.Measured measured = measure(plan);
    EditingDocument document =
        EditingDocument.of(ran(command(), 1, started, measured.reused()), plan, measured);
    List<Picture> pictures = StudyPage.write(document, out());
    print("rows", document.rows().size(), document.run(), document.claims(), pictures);
  }

  private EditingStudy.Measured measure(EditingPlan plan) throws IOException {
    try (StudyProgress shown = new StudyProgress(shell())) {
      return EditingStudy.run(out(), models(), plan, shown);
    }
  }

  private String command() {
    return String.format(
        Locale.ROOT,
        "deltapress study editing --out DIR%s --seeds %d",
        quick ? " --quick" : "",
        seeds);
  }
}
