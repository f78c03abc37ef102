package io.deltapress.app.cli;

import io.deltapress.format.artifact.ApplySummary;
import io.deltapress.format.artifact.DeltaArtifact;
import io.deltapress.format.artifact.TensorEntry;
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

/** {@code export}: an artifact in a form that other engines load. */
@Command(
    name = "export",
    description = "Write an artifact in a form that serving engines load.",
    sortOptions = false)
final class ExportCommand extends AbstractCommand {
  private static final String OVERWRITE_PATCH = "overwrite-patch";
  private static final String CHECKPOINT = "checkpoint";
  private static final String PEFT_LORA = "peft-lora";
  private static final Set<String> FORMATS = Set.of(OVERWRITE_PATCH, CHECKPOINT, PEFT_LORA);
  private static final Set<String> LATER_FORMATS = Set.of("disk-delta");
  private static final String NAMES = "overwrite-patch, checkpoint or peft-lora";
  private static final String PATCH_FILE = "overwrite-patch.safetensors";

  @Mixin private ParentFlags parent;

  @Option(
      names = "--format",
      paramLabel = "NAME",
      required = true,
      description =
          "overwrite-patch (changed values and their flat indices, one safetensors file),"
              + " checkpoint (a Hugging Face directory with the result) or peft-lora (an adapter"
              + " directory, of an artifact made with --lora factors).")
  private String format;

  @Mixin private OutputPath out;
  @Mixin private JsonOption json;

  ExportCommand(Shell shell) {
    super(shell);
  }

  @Override
  void run() throws IOException {
    checkFormat();
    out.check(parent.base(), parent.delta());
    long started = System.nanoTime();
    Weights weights = new Weights(shell());
    try (Checkpoint base = Checkpoints.open(parent.base());
        DeltaArtifact artifact = DeltaArtifact.open(parent.delta())) {
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
      return new Document(
          format,
          out.path().toString(),
          summary.result().hex(),
          null,
          null,
          summary.resultBytes(),
          secondsSince(started));
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
    return new Document(
        format,
        out.path().toString(),
        summary.result().hex(),
        null,
        null,
        summary.resultBytes(),
        secondsSince(started));
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
