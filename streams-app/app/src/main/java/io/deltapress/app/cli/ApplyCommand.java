package io.deltapress.app.cli;

import io.deltapress.format.artifact.ApplySummary;
import io.deltapress.format.artifact.DeltaApplier;
import io.deltapress.format.artifact.DeltaArtifact;
import io.deltapress.format.edit.EditApplier;
import io.deltapress.format.edit.EditSummary;
import io.deltapress.format.lora.FactorArtifact;
import io.deltapress.format.tensor.Checkpoint;
import io.deltapress.format.tensor.Checkpoints;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code apply}: a base becomes the weights that a delta, edits, or both stand for. */
@Command(
    name = "apply",
    description =
        "Apply a delta artifact, edits, or both to their base; an exact delta applied twice gives"
            + " the base.",
    sortOptions = false)
final class ApplyCommand extends AbstractCommand {
  @Mixin private ParentFlags parent;
  @Mixin private OutputPath out;

  @Option(
      names = "--undo-out",
      paramLabel = "FILE",
      description = "Also write an artifact that takes the result back to the base.")
  private @Nullable Path undoOut;

  @Mixin private JsonOption json;

  ApplyCommand(Shell shell) {
    super(shell);
  }

  @Override
  void run() throws IOException {
    out.check(parent.inputs());
    if (undoOut != null) {
      if (parent.hasEdits()) {
        throw new UsageException(
            "--undo-out is for a delta alone: edits are taken back by leaving out their --edit");
      }
      out.checkFile("--undo-out", undoOut, parent.inputs());
    }
    if (parent.hasEdits()) {
      applyEdits();
    } else {
      applyDelta(parent.requireDelta());
    }
  }

  private void applyEdits() throws IOException {
    long started = System.nanoTime();
    try (EditedVersion version = EditedVersion.open(new Weights(shell()), parent);
        Progress progress = Progress.of(shell(), "apply", Progress.Unit.BYTES, version.bytes())) {
      EditSummary summary =
          out.write(
              target -> EditApplier.apply(version.foundation(), version.edits(), target, progress));
      EditResult document =
          EditResult.of(
              out.path().toString(),
              summary,
              version.editIds(),
              (System.nanoTime() - started) / 1e9);
      json.print(shell(), document, document.text());
    }
  }

  private void applyDelta(Path delta) throws IOException {
    long started = System.nanoTime();
    Weights weights = new Weights(shell());
    try (Checkpoint base = Checkpoints.open(parent.base());
        DeltaArtifact artifact = DeltaArtifact.open(delta)) {
      FactorArtifact.requireNone(artifact);
      weights.digest("base", base);
      ApplySummary summary = out.write(target -> apply(weights, base, artifact, target));
      Document document = document(summary, (System.nanoTime() - started) / 1e9);
      json.print(shell(), document, document.text());
    }
  }

  private ApplySummary apply(Weights weights, Checkpoint base, DeltaArtifact artifact, Path target)
      throws IOException {
    DeltaApplier applier = new DeltaApplier(weights.cache());
    try (Progress progress =
        Progress.of(shell(), "apply", Progress.Unit.BYTES, Weights.bytes(base))) {
      return undoOut == null
          ? applier.apply(base, artifact, target, progress)
          : applier.applyWithUndo(base, artifact, target, undoOut, progress);
    }
  }

  private Document document(ApplySummary summary, double seconds) {
    return new Document(
        out.path().toString(),
        summary.result().hex(),
        summary.from().hex(),
        summary.artifact().hex(),
        summary.direction() == ApplySummary.Direction.APPLIED ? "applied" : "undone",
        summary.pruned(),
        summary.replaced(),
        summary.removed(),
        summary.resultBytes(),
        undoOut == null ? null : undoOut.toString(),
        seconds);
  }

  private record Document(
      String result,
      String resultDigest,
      String baseDigest,
      String artifactDigest,
      String direction,
      int prunedTensors,
      int replacedTensors,
      int removedTensors,
      long resultBytes,
      @Nullable String undo,
      double seconds) {

    String text() {
      TextTable table =
          new TextTable()
              .row("result", result)
              .row("result digest", resultDigest)
              .row("base digest", baseDigest)
              .row("artifact digest", artifactDigest)
              .row("direction", direction)
              .row(
                  "tensors",
                  "%d pruned, %d replaced, %d removed"
                      .formatted(prunedTensors, replacedTensors, removedTensors))
              .row("size", Figures.bytes(resultBytes));
      if (undo != null) {
        table.row("undo", undo);
      }
      return table.row("took", Figures.seconds(seconds)).text();
    }
  }
}
