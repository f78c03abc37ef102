package io.deltapress.format.export;

import static org.assertj.core.api.Assertions.assertThat;

import io.deltapress.format.ProgressListener;
import io.deltapress.format.artifact.Pair;
import io.deltapress.format.delta.LinearInput.Orientation;
import io.deltapress.format.edit.EditApplier;
import io.deltapress.format.edit.EditArtifact;
import io.deltapress.format.edit.EditBench;
import io.deltapress.format.edit.Foundation;
import io.deltapress.format.edit.LowRankShift;
import io.deltapress.format.tensor.Checkpoint;
import io.deltapress.format.tensor.Checkpoints;
import io.deltapress.format.tensor.DType;
import io.deltapress.format.tensor.DigestCache;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EditPatchTest {
  @TempDir private Path directory;

  @Test
  void shouldTurnTheFoundationIntoTheResultWhenPatchIsWrittenOverIt() throws IOException {
    // Given: of one weight only a row is shifted
    EditBench bench =
        new EditBench(directory, 1)
            .weight("q", DType.BF16, Orientation.OUTPUT_INPUT, 300, 250)
            .weight("v", DType.F32, Orientation.INPUT_OUTPUT, 9, 8)
            .other("bias", DType.F32, 5);
    float[] b = new float[250];
    b[7] = 1;
    LowRankShift row = new LowRankShift("q", 1, 300, 250, bench.shift("q", 1).a(), b);
    Path patch = bench.path("patch.safetensors");
    try (Checkpoint checkpoint = bench.foundation();
        EditArtifact one = bench.edit("one", row);
        EditArtifact two = bench.edit("two", bench.shift("v", 2))) {
      Foundation foundation =
          Foundation.of(checkpoint, new DigestCache(bench.path("cache")), ProgressListener.none());
      List<EditArtifact> edits = List.of(one, two);
      EditApplier.apply(
          foundation, edits, bench.path("result.safetensors"), ProgressListener.none());

      // When
      PatchSummary summary =
          OverwritePatch.export(foundation, edits, patch, ProgressListener.none());

      // Then
      assertThat(PatchEngine.overwrite(Pair.read(checkpoint.path()), patch))
          .containsExactlyEntriesOf(Pair.read(bench.path("result.safetensors")));
      assertThat(summary.tensors()).isEqualTo(2);
      assertThat(summary.changedElements()).isBetween(250L + 60, 300L + 72);
      assertThat(summary.totalElements()).isEqualTo(75_077);
    }
    try (Checkpoint opened = Checkpoints.open(patch)) {
      assertThat(opened.metadata()).containsEntry("parent", bench.digest().hex());
    }
  }
}
