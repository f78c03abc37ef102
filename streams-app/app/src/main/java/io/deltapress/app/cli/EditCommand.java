package io.deltapress.app.cli;

import io.deltapress.djl.edit.EditRequest;
import io.deltapress.djl.edit.EditRequestFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code edit}: computes the edits that requests ask for, and what they do. */
@Command(
    name = "edit",
    description =
        "Change what a model answers to single prompts: compute one edit per request, and measure"
            + " the model before and after all of them.",
    sortOptions = false)
final class EditCommand extends AbstractCommand {
  @Option(
      names = "--model",
      paramLabel = "DIR",
      required = true,
      description = "Hugging Face directory with config.json, weights and tokenizer.json.")
  private Path model;

  @Option(
      names = "--delta",
      paramLabel = "PATH",
      description = "A delta artifact of the model that is applied first.")
  private @Nullable Path delta;

  @Option(
      names = "--edit",
      paramLabel = "PATH",
      description = {
        "An edit artifact that is on the model already, or a directory of them, taken in the order"
            + " of their names. Several are put on in the order given."
      })
  private List<Path> edits = List.of();

  @Option(
      names = "--editor",
      paramLabel = "NAME",
      required = true,
      description =
          "ultraedit or fine-tuning, which need no training, or the directory of a trained editor.")
  private String editor;

  @Option(
      names = "--editor-state",
      paramLabel = "FILE",
      description =
          "What the editor learned from earlier edits, for editors that do: read if it is there, and"
              + " written when all is done.")
  private @Nullable Path editorState;

  @Option(
      names = "--request",
      paramLabel = "FILE",
      required = true,
      description = {
        "Edit requests, a JSON array or JSON lines, as {\"prompt\": ..., \"target_new\": ...} or"
            + " {\"prompt\": \"... {} ...\", \"subject\": ..., \"target_new\": {\"str\": ...}}."
      })
  private Path request;

  @Option(
      names = "--batch-size",
      paramLabel = "N",
      description =
          "Requests computed together; each batch sees those before it. Default: all at once.")
  private @Nullable Integer batchSize;

  @ArgGroup(exclusive = true, multiplicity = "1")
  private Target target;

  @Mixin private DeviceOption device;
  @Mixin private JsonOption json;

  EditCommand(Shell shell) {
    super(shell);
  }

  /** Where the artifacts go, if anywhere. */
  static final class Target {
    @ArgGroup(exclusive = false)
    private @Nullable OutputPath out;

    @Option(names = "--dry-run", description = "Measure only; write nothing.")
    private boolean dryRun;

    Optional<OutputPath> out() {
      return dryRun ? Optional.empty() : Optional.ofNullable(out);
    }
  }

  @Override
  void run() throws IOException {
    device.use();
    if (batchSize != null && batchSize < 1) {
      throw new UsageException("--batch-size must be at least 1, not " + batchSize);
    }
    List<EditRequest> requests = EditRequestFile.read(request);
    if (target.out().isPresent()) {
      checkOut(target.out().get(), requests.size());
    }
    long started = System.nanoTime();
    Weights weights = new Weights(shell());
    try (EditedVersion version = EditedVersion.open(weights, model, delta, edits);
        OfflineEditing editing = OfflineEditing.begin(weights, version, delta, editor)) {
      if (editorState != null) {
        editing.goOnWith(editorState);
      }
      List<OfflineEditing.Measured> measured;
      try (Progress progress =
          Progress.of(shell(), "edit", Progress.Unit.EXAMPLES, requests.size())) {
        measured =
            editing.edit(requests, batchSize == null ? requests.size() : batchSize, progress);
      }
      List<OfflineEditing.Written> written =
          target.out().isPresent() ? write(editing, target.out().get(), measured) : List.of();
      if (editorState != null && written.size() == measured.size()) {
        editing.saveState(editorState);
      }
      EditReport report =
          EditReport.of(
              editing,
              target.out().map(out -> out.path().toString()).orElse(null),
              measured,
              written,
              (System.nanoTime() - started) / 1e9);
      json.print(shell(), report, report.text());
    }
  }

  private void checkOut(OutputPath out, int count) throws IOException {
    boolean file = out.path().toString().endsWith(EditedVersion.SUFFIX);
    if (file && count > 1) {
      throw new UsageException(
          "--out %s names a file, but there are %d requests: name a directory"
              .formatted(out.path(), count));
    }
    out.check(
        Stream.of(
                Stream.of(model, request),
                Stream.ofNullable(delta),
                edits.stream(),
                Stream.ofNullable(editorState))
            .flatMap(paths -> paths)
            .toArray(Path[]::new));
  }

  private static List<OfflineEditing.Written> write(
      OfflineEditing editing, OutputPath out, List<OfflineEditing.Measured> measured)
      throws IOException {
    return out.write(path -> editing.write(path, measured));
  }
}
