package io.deltapress.format.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.deltapress.format.BadInputException;
import io.deltapress.format.ProgressListener;
import io.deltapress.format.artifact.ApplySummary;
import io.deltapress.format.artifact.DeltaArtifact;
import io.deltapress.format.artifact.Method;
import io.deltapress.format.artifact.Pair;
import io.deltapress.format.artifact.ValueCode;
import io.deltapress.format.artifact.Workbench;
import io.deltapress.format.tensor.Checkpoint;
import io.deltapress.format.tensor.Checkpoints;
import io.deltapress.format.tensor.DType;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointExportTest {
  @TempDir Path directory;
  private Workbench bench;

  @BeforeEach
  void compress() throws Exception {
    bench = new Workbench(directory);
    bench.compress(
        new Pair(5).weights("w", DType.BF16, 100, 100),
        Workbench.settings(Method.DARE, 0.5, 0.5, ValueCode.EXACT));
    Files.createDirectory(bench.path("model"));
    Files.copy(bench.path("base.safetensors"), bench.path("model/model.safetensors"));
    Files.writeString(bench.path("model/config.json"), "{}");
  }

  @Test
  void shouldWriteWholeModelWhenBaseIsDirectory() throws Exception {
    // When
    ApplySummary summary = export("exported");
    // Then
    assertThat(Pair.names(bench.path("exported")))
        .containsExactly("config.json", "model.safetensors");
    bench.apply("base.safetensors", "delta.safetensors", "result.safetensors");
    assertThat(bench.read("exported")).containsExactlyEntriesOf(bench.read("result.safetensors"));
    assertThat(summary.resultBytes()).isEqualTo(20_000);
  }

  @Test
  void shouldRefuseWhenTargetNamesAFile() {
    assertThatExceptionOfType(BadInputException.class)
        .isThrownBy(() -> export("exported.safetensors"))
        .withMessage(
            "%s: names a file; a checkpoint is exported as a directory",
            bench.path("exported.safetensors"));
  }

  private ApplySummary export(String to) throws Exception {
    try (Checkpoint base = Checkpoints.open(bench.path("model"));
        DeltaArtifact artifact = DeltaArtifact.open(bench.path("delta.safetensors"))) {
      return new CheckpointExport(bench.cache())
          .export(base, artifact, bench.path(to), ProgressListener.none());
    }
  }
}
