package io.deltapress.app.cli;

import io.deltapress.format.ProgressListener;
import io.deltapress.format.artifact.ApplySummary;
import io.deltapress.format.artifact.DeltaApplier;
import io.deltapress.format.artifact.DeltaArtifact;
import io.deltapress.format.artifact.TensorEntry;
import io.deltapress.format.edit.EditApplier;
import io.deltapress.format.edit.EditSummary;
import io.deltapress.format.lora.FactorArtifact;
import io.deltapress.format.tensor.Checkpoint;
import io.deltapress.format.tensor.Checkpoints;
import io.deltapress.format.tensor.WeightsDigest;
import java.io.IOException;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code verify}: everything that {@code apply} checks, without writing. */
@Command(
    name = "verify",
    description =
        "Check that a delta artifact is undamaged, fits its base and gives the result it promises,"
            + " and that edits are undamaged and fit base and delta.",
    sortOptions = false)
final class VerifyCommand extends AbstractCommand {
  @Mixin private ParentFlags parent;
  @Mixin private JsonOption json;

  VerifyCommand(Shell shell) {
    super(shell);
  }

  @Override
  void run() throws IOException {
    if (parent.hasEdits()) {
      verifyEdits();
    } else {
      verifyDelta(parent.requireDelta());
    }
  }

  private void verifyEdits() throws IOException {
    long started = System.nanoTime();
    try (EditedVersion version = EditedVersion.open(new Weights(shell()), parent)) {
      EditSummary summary =
          EditApplier.verify(version.foundation(), version.edits(), ProgressListener.none());
      EditResult document =
          EditResult.of(null, summary, version.editIds(), (System.nanoTime() - started) / 1e9);
      json.print(shell(), document, document.text());
    }
  }

  private void verifyDelta(Path delta) throws IOException {
    long started = System.nanoTime();
    Weights weights = new Weights(shell());
    try (Checkpoint base = Checkpoints.open(parent.base());
        DeltaArtifact artifact = DeltaArtifact.open(delta)) {
      WeightsDigest digest = weights.digest("base", base);
      ApplySummary summary = verify(weights, parentOf(artifact, base, digest), artifact);
      Document document =
          new Document(
              true,
              summary.artifact().hex(),
              summary.from().hex(),
              summary.result().hex(),
              artifact.tensors().size(),
              (System.nanoTime() - started) / 1e9);
      json.print(shell(), document, document.text());
    }
  }

  /** An artifact of an adapter's factors is a delta to zeros, for one base. */
  private Checkpoint parentOf(DeltaArtifact artifact, Checkpoint base, WeightsDigest digest)
      throws IOException {
    if (!FactorArtifact.isOne(artifact)) {
      return base;
    }
    FactorArtifact.requireBase(artifact, parent.base(), digest);
    return FactorArtifact.parent(artifact);
  }

  private ApplySummary verify(Weights weights, Checkpoint base, DeltaArtifact artifact)
      throws IOException {
    long touched =
        artifact.tensors().values().stream()
            .filter(entry -> entry.kind() != TensorEntry.Kind.REMOVED)
            .mapToLong(entry -> entry.info().byteLength())
            .sum();
    try (Progress progress = Progress.of(shell(), "verify", Progress.Unit.BYTES, touched)) {
      return new DeltaApplier(weights.cache()).verify(base, artifact, progress);
    }
  }

  private record Document(
      boolean verified,
      String artifactDigest,
      String baseDigest,
      String resultDigest,
      int tensors,
      double seconds) {

    String text() {
      return new TextTable()
          .row("verified", tensors + " tensors of the artifact, against base and result")
          .row("artifact digest", artifactDigest)
          .row("base digest", baseDigest)
          .row("result digest", resultDigest)
          .row("took", Figures.seconds(seconds))
          .text();
    }
  }
}
