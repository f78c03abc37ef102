package io.deltapress.app.cli;

import io.deltapress.format.ProgressListener;
import io.deltapress.format.artifact.ApplySummary;
import io.deltapress.format.artifact.CompressionSummary;
import io.deltapress.format.artifact.DeltaArtifact;
import io.deltapress.format.artifact.DeltaSurvey;
import io.deltapress.format.artifact.TensorEntry;
import io.deltapress.format.edit.EditAdapter;
import io.deltapress.format.edit.EditApplier;
import io.deltapress.format.edit.EditFolding;
import io.deltapress.format.edit.EditSummary;
import io.deltapress.format.export.CheckpointExport;
import io.deltapress.format.export.OverwritePatch;
import io.deltapress.format.export.PatchSummary;
import io.deltapress.format.lora.FactorArtifact;
import io.deltapress.format.tensor.Checkpoint;
import io.deltapress.format.tensor.Checkpoints;
import io.deltapress.format.tensor.WeightsDigest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code export}: a delta artifact or edits in a form that other engines load. */
@Command(
    name = "export",
    description = "Write a delta artifact, or edits, in a form that serving engines load.",
    sortOptions = false)
final class ExportCommand extends AbstractCommand {
  private static final String OVERWRITE_PATCH = "overwrite-patch";
  private static final String CHECKPOINT = "checkpoint";
  private static final String PEFT_LORA = "peft-lora";
  private static final String DELTA = "delta";
  private static final Set<String> FORMATS = Set.of(OVERWRITE_PATCH, CHECKPOINT, PEFT_LORA, DELTA);
  private static final Set<String> LATER_FORMATS = Set.of("disk-delta");
  private static final String NAMES = "overwrite-patch, checkpoint, peft-lora or delta";
  private static final String PATCH_FILE = "overwrite-patch.safetensors";

  @Mixin private ParentFlags parent;

  @Option(
      names = "--format",
      paramLabel = "NAME",
      required = true,
      description =
          "overwrite-patch (changed values and their flat indices, one safetensors file; with"
              + " edits, what they change in base and delta), checkpoint (a Hugging Face directory"
              + " with the result), peft-lora (an adapter directory, of edits or of an artifact made"
              + " with --lora factors) or delta (edits folded into a delta artifact of the base).")
  private String format;

  @Mixin private OutputPath out;
  @Mixin private JsonOption json;

  ExportCommand(Shell shell) {
    super(shell);
  }

  @Override
  void run() throws IOException {
    checkFormat();
    out.check(parent.inputs());
    if (parent.hasEdits()) {
      exportEdits();
    } else if (format.equals(DELTA)) {
      throw new UsageException("--format delta folds edits into a delta: name them with --edit");
    } else {
      exportDelta(parent.requireDelta());
    }
  }

  private void exportEdits() throws IOException {
    long started = System.nanoTime();
    Weights weights = new Weights(shell());
    try (EditedVersion version = EditedVersion.open(weights, parent)) {
      Document document =
          switch (format) {
            case CHECKPOINT -> exportCheckpoint(version, started);
            case PEFT_LORA -> exportAdapter(version, started);
            case DELTA -> foldEdits(weights, version, started);
            default -> exportPatch(version, started);
          };
      json.print(shell(), document, document.text());
    }
  }

  private Document exportCheckpoint(EditedVersion version, long started) throws IOException {
    CheckpointExport.requireDirectory(out.path());
    try (Progress progress = Progress.of(shell(), "export", Progress.Unit.BYTES, version.bytes())) {
      EditSummary summary =
          out.write(
              target -> EditApplier.apply(version.foundation(), version.edits(), target, progress));
      return document(out.path(), summary.result().hex(), summary.resultBytes(), started);
    }
  }

  private Document exportAdapter(EditedVersion version, long started) throws IOException {
    EditAdapter.Summary summary =
        out.write(
            target ->
                EditAdapter.export(
                    version.foundation().checkpoint(),
                    parent.base().toString(),
                    version.edits(),
                    target));
    return document(out.path(), null, summary.bytes(), started);
  }

  private Document foldEdits(Weights weights, EditedVersion version, long started)
      throws IOException {
    // The base is compared with the result once, and its digests are known.
    try (Progress progress =
        Progress.of(shell(), "fold", Progress.Unit.BYTES, 2 * Weights.bytes(version.base()))) {
      CompressionSummary summary =
          out.write(
              target ->
                  EditFolding.fold(
                      version.base(),
                      version.foundation(),
                      version.edits(),
                      target,
                      DeltaSurvey.DEFAULT_SHARD_BYTES,
                      weights.cache(),
                      progress));
      return document(out.path(), summary.fineTuned().hex(), summary.artifactBytes(), started);
    }
  }

  private Document exportPatch(EditedVersion version, long started) throws IOException {
    PatchSummary summary =
        out.write(
            target ->
                writePatch(
                    target,
                    file ->
                        OverwritePatch.export(
                            version.foundation(), version.edits(), file, ProgressListener.none())));
    return document(summary, started);
  }

  private void exportDelta(Path delta) throws IOException {
    long started = System.nanoTime();
    Weights weights = new Weights(shell());
    try (Checkpoint base = Checkpoints.open(parent.base());
        DeltaArtifact artifact = DeltaArtifact.open(delta)) {
      WeightsDigest digest = weights.digest("base", base);
      Document document =
          switch (format) {
            case CHECKPOINT -> exportCheckpoint(weights, base, artifact, started);
            case PEFT_LORA -> exportAdapter(weights, digest, artifact, started);
            default -> exportPatch(weights, base, artifact, started);
          };
      json.print(shell(), document, document.text());
    }
  }

  private void checkFormat() {
    if (LATER_FORMATS.contains(format)) {
      throw new UsageException("--format " + format + " is not in this release: use " + NAMES);
    }
    if (!FORMATS.contains(format)) {
      throw new UsageException("--format " + format + " is unknown: use " + NAMES);
    }
  }

  private Document exportAdapter(
      Weights weights, WeightsDigest base, DeltaArtifact artifact, long started)
      throws IOException {
    try (Checkpoint zeros = FactorArtifact.parent(artifact);
        Progress progress =
            Progress.of(shell(), "export", Progress.Unit.BYTES, Weights.bytes(zeros))) {
      FactorArtifact.requireBase(artifact, parent.base(), base);
      ApplySummary summary =
          out.write(target -> FactorArtifact.export(artifact, weights.cache(), target, progress));
      return document(out.path(), summary.result().hex(), summary.resultBytes(), started);
    }
  }

  private Document exportCheckpoint(
      Weights weights, Checkpoint base, DeltaArtifact artifact, long started) throws IOException {
    ApplySummary summary;
    try (Progress progress =
        Progress.of(shell(), "export", Progress.Unit.BYTES, Weights.bytes(base))) {
      summary =
          out.write(
              target ->
                  new CheckpointExport(weights.cache()).export(base, artifact, target, progress));
    }
    return document(out.path(), summary.result().hex(), summary.resultBytes(), started);
  }

  private Document exportPatch(
      Weights weights, Checkpoint base, DeltaArtifact artifact, long started) throws IOException {
    long touched =
        artifact.tensors().values().stream()
            .filter(entry -> entry.kind() == TensorEntry.Kind.PRUNED)
            .mapToLong(entry -> entry.info().byteLength())
            .sum();
    PatchSummary summary;
    // Each changed tensor is rebuilt three times.
    try (Progress progress = Progress.of(shell(), "export", Progress.Unit.BYTES, 3 * touched)) {
      summary =
          out.write(
              target ->
                  writePatch(
                      target,
                      file ->
                          new OverwritePatch(weights.cache())
                              .export(base, artifact, file, progress)));
    }
    return document(summary, started);
  }

  private Document document(Path written, @Nullable String resultDigest, long bytes, long started) {
    return new Document(
        format, written.toString(), resultDigest, null, null, bytes, secondsSince(started));
  }

  private Document document(PatchSummary summary, long started) {
    return new Document(
        format,
        patchFile(out.path()).toString(),
        null,
        summary.tensors(),
        summary.changedElements(),
        summary.bytes(),
        secondsSince(started));
  }

  /** A patch is one file; in a directory it has the name that followers give it. */
  private static Path patchFile(Path target) {
    return target.toString().endsWith(".safetensors") ? target : target.resolve(PATCH_FILE);
  }

  private static PatchSummary writePatch(Path target, OutputPath.Writing<PatchSummary> writing)
      throws IOException {
    Path file = patchFile(target);
    if (file.equals(target) || Files.exists(target)) {
      return writing.writeTo(file);
    }
    Files.createDirectory(target);
    try {
      return writing.writeTo(file);
    } finally {
      if (!Files.exists(file)) {
        Files.deleteIfExists(target);
      }
    }
  }

  private static double secondsSince(long started) {
    return (System.nanoTime() - started) / 1e9;
  }

  private record Document(
      String format,
      String out,
      @Nullable String resultDigest,
      @Nullable Integer changedTensors,
      @Nullable Long changedElements,
      long bytes,
      double seconds) {

    String text() {
      TextTable table = new TextTable().row("format", format).row("written", out);
      if (resultDigest != null) {
        table.row("result digest", resultDigest);
      }
      if (changedTensors != null) {
        table.row("changes", changedElements + " values of " + changedTensors + " tensors");
      }
      return table.row("size", Figures.bytes(bytes)).row("took", Figures.seconds(seconds)).text();
    }
  }
}
