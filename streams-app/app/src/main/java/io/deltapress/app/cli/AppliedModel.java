package io.deltapress.app.cli;

import io.deltapress.format.ProgressListener;
import io.deltapress.format.artifact.DeltaApplier;
import io.deltapress.format.artifact.DeltaArtifact;
import io.deltapress.format.edit.EditApplier;
import io.deltapress.format.edit.EditArtifact;
import io.deltapress.format.lora.FactorArtifact;
import io.deltapress.format.lora.FineTunes;
import io.deltapress.format.lora.LoraAdapter;
import io.deltapress.format.tensor.Checkpoint;
import io.deltapress.format.tensor.CheckpointWriter;
import io.deltapress.format.tensor.Checkpoints;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A model with artifacts applied to it, or adapters merged into it, for as long as a command looks
 * at it.
 */
final class AppliedModel implements AutoCloseable {
  private final @Nullable Path temporary;
  private Path directory;

  private AppliedModel(Path model, @Nullable Path temporary) {
    this.directory = model;
    this.temporary = temporary;
  }

  /**
   * Applies artifacts in their order, each to the result of the one before; edits that follow each
   * other are one list, put on together.
   */
  static AppliedModel of(Shell shell, Path model, List<Path> deltas) throws IOException {
    if (deltas.isEmpty()) {
      return new AppliedModel(model, null);
    }
    Path temporary = Files.createTempDirectory("deltapress-applied-");
    AppliedModel applied = new AppliedModel(model, temporary);
    try {
      for (int i = 0; i < deltas.size(); ) {
        Path target = temporary.resolve("step-" + i);
        int end = i;
        while (end < deltas.size() && isEdit(deltas.get(end))) {
          end++;
        }
        if (end > i) {
          applied.putOn(shell, deltas.subList(i, end), target);
          i = end;
        } else {
          applied.apply(shell, deltas.get(i++), target);
        }
      }
      return applied;
    } catch (IOException | RuntimeException e) {
      applied.close();
      throw e;
    }
  }

  private static boolean isEdit(Path path) throws IOException {
    return Files.isRegularFile(path) && EditArtifact.isOne(path);
  }

  private void putOn(Shell shell, List<Path> edits, Path target) throws IOException {
    try (EditedVersion version = EditedVersion.open(new Weights(shell), directory, null, edits);
        Progress progress = Progress.of(shell, "apply", Progress.Unit.BYTES, version.bytes())) {
      EditApplier.apply(version.foundation(), version.edits(), target, progress);
    }
    directory = target;
  }

  private void apply(Shell shell, Path delta, Path target) throws IOException {
    if (LoraAdapter.isAdapter(delta)) {
      merge(shell, delta, target);
    } else {
      applyArtifact(shell, delta, target);
    }
    directory = target;
  }

  private void merge(Shell shell, Path adapter, Path target) throws IOException {
    try (Checkpoint base = Checkpoints.open(directory);
        Checkpoint merged = FineTunes.open(base, adapter);
        Progress progress =
            Progress.of(shell, "merge", Progress.Unit.BYTES, Weights.bytes(merged))) {
      CheckpointWriter.writeModel(merged, base.path(), target, progress);
    }
  }

  private void applyArtifact(Shell shell, Path delta, Path target) throws IOException {
    Weights weights = new Weights(shell);
    try (DeltaArtifact artifact = DeltaArtifact.open(delta)) {
      if (FactorArtifact.isOne(artifact)) {
        requireAdapted(artifact, weights);
        Path adapter = target.resolveSibling(target.getFileName() + "-adapter");
        FactorArtifact.export(artifact, weights.cache(), adapter, ProgressListener.none());
        merge(shell, adapter, target);
      } else {
        apply(shell, weights, artifact, target);
      }
    }
  }

  private void requireAdapted(DeltaArtifact factors, Weights weights) throws IOException {
    try (Checkpoint base = Checkpoints.open(directory)) {
      FactorArtifact.requireBase(factors, directory, weights.digest("base", base));
    }
  }

  private void apply(Shell shell, Weights weights, DeltaArtifact artifact, Path target)
      throws IOException {
    try (Checkpoint base = Checkpoints.open(directory);
        Progress progress = Progress.of(shell, "apply", Progress.Unit.BYTES, Weights.bytes(base))) {
      new DeltaApplier(weights.cache()).apply(base, artifact, target, progress);
    }
  }

  /** Where the model is now. */
  Path directory() {
    return directory;
  }

  @Override
  public void close() throws IOException {
    if (temporary != null) {
      Trees.delete(temporary);
    }
  }
}
