package io.deltapress.app.cli;

import io.deltapress.djl.memory.TensorRuntime;
import io.deltapress.djl.study.page.StudyPage;
import io.deltapress.djl.study.report.Claim;
import io.deltapress.djl.study.report.ResultsMarkdown.Picture;
import io.deltapress.djl.study.report.SourceCommit;
import io.deltapress.djl.study.report.StudyDocument;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * What all studies have: where they write, what they begin with, and what they print at the end.
 */
abstract class StudyRunCommand extends AbstractCommand {
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

  @Mixin private JsonOption json;

  StudyRunCommand(Shell shell) {
    super(shell);
  }

  final Path out() {
    return out;
  }

  final Path models() {
    return reference != null ? reference : Installation.reference();
  }

  static void requireRange(String option, int value, int most) {
    if (value < 1 || value > most) {
      throw new UsageException(option + " must be 1 to " + most + ", not " + value);
    }
  }

  /**
   * How the study was made.
   *
   * @param command what was typed, without directories
   * @param started by {@link System#nanoTime}
   * @param reused how much an earlier run had measured
   */
  final StudyDocument.Run ran(String command, int threads, long started, int reused) {
    return new StudyDocument.Run(
        command,
        SourceCommit.of(models()),
        VersionSource.version(),
        System.getProperty("java.version"),
        TensorRuntime.engine().getEngineName() + " " + TensorRuntime.engine().getVersion(),
        Runtime.getRuntime().availableProcessors(),
        threads,
        (System.nanoTime() - started) / 1e9,
        reused);
  }

  /**
   * Says what came of it.
   *
   * @param counted what the study measured, such as {@code cells}
   * @param count how many of those
   */
  final void print(
      String counted,
      int count,
      StudyDocument.Run run,
      List<Claim> claims,
      List<Picture> pictures) {
    if (pictures.isEmpty()) {
      shell().note("no plots: this machine has no fonts; install some and run the same again");
    }
    List<Path> plots = pictures.stream().map(picture -> out.resolve(picture.file())).toList();
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("out", out.toString());
    document.put(counted, count);
    document.put("seconds", run.seconds());
    document.put("claims", claims);
    document.put("results", out.resolve(StudyPage.JSON).toString());
    document.put("pictures", plots.stream().map(Path::toString).toList());
    TextTable table = new TextTable();
    claims.forEach(claim -> table.row(claim.statement(), claim.verdict().wireName()));
    table.row(counted, count);
    table.row("took", Figures.seconds(run.seconds()));
    table.row("tables", out.resolve(StudyPage.MARKDOWN));
    plots.forEach(plot -> table.row("plot", plot));
    json.print(shell(), document, table.text());
  }
}
