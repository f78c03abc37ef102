package io.deltapress.app.cli;

import io.deltapress.app.cli.demo.DemoAnswer;
import io.deltapress.app.cli.demo.DemoEdit;
import io.deltapress.app.cli.demo.DemoResult;
import io.deltapress.app.cli.demo.DemoRow;
import io.deltapress.djl.reference.ReferenceModels;
import io.deltapress.schemas.topic.ModelKey;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** What the demo says at its end. */
final class DemoTable {
  private DemoTable() {}

  static String text(DemoResult result) {
    TextTable table =
        new TextTable(
            "model",
            "method",
            "p",
            "q",
            "base",
            "fine-tune",
            "served",
            "dense",
            "artifact",
            "ratio",
            "seconds");
    for (DemoRow row : result.models()) {
      table.row(
          row.model(),
          row.method(),
          Figures.number(row.pruneRate()),
          Figures.number(row.rescale()),
          Figures.percent(row.baseScore()),
          Figures.percent(row.fineTunedScore()),
          Figures.percent(row.servedScore()),
          Figures.bytes(row.denseBytes()),
          Figures.bytes(row.artifactBytes()),
          Figures.ratio(row.ratio()),
          Figures.seconds(row.seconds()));
    }
    return System.lineSeparator()
        + table.text()
        + System.lineSeparator()
        + "base, fine-tune, served: test tasks answered exactly right"
        + System.lineSeparator()
        + System.lineSeparator()
        + text(result.edit())
        + System.lineSeparator()
        + "all of it took "
        + Figures.seconds(result.seconds())
        + System.lineSeparator();
  }

  private static String text(DemoEdit edit) {
    TextTable table =
        new TextTable(
            "asked of " + edit.model(),
            "",
            "before",
            "edited (v%d)".formatted(edit.editedVersion()),
            "reverted (v%d)".formatted(edit.revertedVersion()));
    for (DemoAnswer answer : edit.answers()) {
      table.row(
          Printable.of(answer.question()),
          answer.kind(),
          Printable.of(answer.before()),
          Printable.of(answer.edited()),
          Printable.of(answer.reverted()));
    }
    table.row(
        "request to served copy",
        "",
        "",
        Math.round(edit.editMilliseconds()) + " ms",
        Math.round(edit.revertMilliseconds()) + " ms");
    return table.text();
  }

  /** How to talk to the running demo, ready to be copied. */
  static List<String> invitation(Path configFile, Path reference, DemoEdit edit)
      throws IOException {
    ReferenceModels models = ReferenceModels.read(reference);
    ReferenceModels.Tenant tenant = models.tenants().get(0);
    ModelKey edited = ModelKey.parse(edit.model());
    String launcher = Installation.launcher();
    return List.of(
        "",
        "The pipeline stays up until Ctrl-C. From another terminal:",
        "",
        "  export DELTAPRESS_CONFIG=" + configFile,
        "  " + launcher + " status",
        "  " + launcher + " watch --from-beginning",
        "  %s submit delta --tenant %s --model %s --base %s \\"
            .formatted(launcher, tenant.tenant(), tenant.model(), models.base().name()),
        "      --fine-tuned %s --prune-rate 0.95 --wait"
            .formatted(reference.resolve(tenant.directory()).toAbsolutePath()),
        "  %s versions %s/%s".formatted(launcher, tenant.tenant(), tenant.model()),
        "  %s submit edit --tenant %s --model %s --id again \\"
            .formatted(launcher, edited.tenant(), edited.model()),
        "      --prompt '%s' --target %s --wait"
            .formatted(edit.answers().get(0).question(), edit.target()),
        "  %s edits ls %s".formatted(launcher, edited),
        "  %s revert again --reason 'just a try' --wait".formatted(launcher));
  }
}
