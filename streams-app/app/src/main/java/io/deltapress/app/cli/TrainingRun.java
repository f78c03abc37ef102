package io.deltapress.app.cli;

import io.deltapress.djl.train.TrainingListener;
import io.deltapress.djl.train.TrainingProgress;
import io.deltapress.djl.train.TrainingReport;
import java.io.IOException;
import java.util.Locale;

/** Runs a training under a progress display and tells the result. */
final class TrainingRun {
  private final Shell shell;
  private final JsonOption json;

  TrainingRun(Shell shell, JsonOption json) {
    this.shell = shell;
    this.json = json;
  }

  /** A training with its options, waiting for a listener. */
  @FunctionalInterface
  interface Work {
    TrainingReport run(TrainingListener listener) throws IOException;
  }

  void run(String name, int steps, Work work) throws IOException {
    TrainingReport report;
    try (Progress progress = Progress.of(shell, name, Progress.Unit.STEPS, steps)) {
      report = work.run(new Shown(progress));
    }
    json.print(shell, document(report), text(report));
  }

  /** Steps arrive as absolute numbers, the first of a resumed training above one. */
  private static final class Shown implements TrainingListener {
    private final Progress progress;
    private int shownSteps;

    Shown(Progress progress) {
      this.progress = progress;
    }

    @Override
    public void stepped(TrainingProgress at) {
      progress.detail(
          String.format(Locale.ROOT, "loss %.4f, %.0f tokens/s", at.loss(), at.tokensPerSecond()));
      progress.advanced(at.step() - shownSteps);
      shownSteps = at.step();
    }
  }

  private record Document(
      String model,
      String weightsDigest,
      int steps,
      double finalLoss,
      double seconds,
      int threads) {}

  private static Document document(TrainingReport report) {
    return new Document(
        report.model().toString(),
        report.weightsDigest(),
        report.steps(),
        report.finalLoss(),
        report.seconds(),
        report.threads());
  }

  private static String text(TrainingReport report) {
    return new TextTable()
        .row("model", report.model())
        .row("weights digest", report.weightsDigest())
        .row("steps", report.steps())
        .row("final loss", String.format(Locale.ROOT, "%.4f", report.finalLoss()))
        .row("threads", report.threads())
        .row("took", Figures.seconds(report.seconds()))
        .text();
  }
}
