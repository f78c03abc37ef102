package io.deltapress.format.edit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deltapress.format.IntegrityException;
import io.deltapress.format.ProgressListener;
import io.deltapress.format.artifact.AppliedCheckpoint;
import io.deltapress.format.artifact.ApplySummary;
import io.deltapress.format.artifact.CompressionSummary;
import io.deltapress.format.artifact.DeltaArtifact;
import io.deltapress.format.artifact.DeltaSurvey;
import io.deltapress.format.artifact.Method;
import io.deltapress.format.artifact.Pair;
import io.deltapress.format.artifact.ValueCode;
import io.deltapress.format.artifact.Workbench;
import io.deltapress.format.delta.LinearInput.Orientation;
import io.deltapress.format.tensor.Checkpoint;
import io.deltapress.format.tensor.Checkpoints;
import io.deltapress.format.tensor.DType;
import io.deltapress.format.tensor.Shape;
import io.deltapress.format.tensor.TensorDigest;
import io.deltapress.format.tensor.TensorInfo;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A base, a pruned delta on it, and edits on both. */
class EditFoldingTest {
  @TempDir private Path directory;
  private Workbench bench;

  @BeforeEach
  void begin() throws IOException {
    bench = new Workbench(directory);
  }

  private void compress(ValueCode values) throws IOException {
    Pair pair =
        new Pair(5)
            .weights("a.weight", DType.BF16, 300, 310)
            .weights("b.weight", DType.F32, 40, 30)
            .fineTuned(new TensorInfo("new", DType.BF16, Shape.of(1, 2)), new byte[] {1, 2, 3, 4});
    bench.compress(pair, Workbench.settings(Method.DARE, 0.99, 0.01, values));
    bench.apply("base.safetensors", "delta.safetensors", "foundation.safetensors");
  }

  @ParameterizedTest
  @EnumSource(ValueCode.class)
  void shouldReadABaseWithItsDeltaAsItWouldBeWritten(ValueCode values) throws IOException {
    // Given
    compress(values);
    try (Checkpoint base = Checkpoints.open(bench.path("base.safetensors"));
        DeltaArtifact delta = DeltaArtifact.open(bench.path("delta.safetensors"));
        Checkpoint written = Checkpoints.open(bench.path("foundation.safetensors"))) {

      // When
      AppliedCheckpoint applied = AppliedCheckpoint.of(base, delta, bench.cache());

      // Then
      assertThat(applied.tensors()).isEqualTo(written.tensors());
      for (String name : written.tensors().keySet()) {
        assertThat(EditBench.bytes(applied.data(name)))
            .isEqualTo(EditBench.bytes(written.data(name)));
        assertThat(applied.digests().get(name))
            .isEqualTo(TensorDigest.of(written.data(name), ProgressListener.none()));
      }
    }
  }

  @Test
  void shouldRefuseABaseThatHasTheDeltaAlready() throws IOException {
    // Given
    Pair pair = new Pair(5).weights("a.weight", DType.BF16, 30, 31);
    bench.compress(pair, Workbench.settings(Method.DARE, 0.5, 0.5, ValueCode.EXACT));
    bench.apply("base.safetensors", "delta.safetensors", "foundation.safetensors");
    try (Checkpoint foundation = Checkpoints.open(bench.path("foundation.safetensors"));
        DeltaArtifact delta = DeltaArtifact.open(bench.path("delta.safetensors"))) {

      // When
      assertThatThrownBy(() -> AppliedCheckpoint.of(foundation, delta, bench.cache()))

          // Then
          .isInstanceOf(IntegrityException.class)
          .hasMessage(
              foundation.path()
                  + ": has the artifact "
                  + delta.path()
                  + " applied already; give the base without it");
    }
  }

  @Test
  void shouldGiveTheEditedResultFromTheBaseAloneOnceFolded() throws IOException {
    // Given
    compress(ValueCode.INT8);
    try (Checkpoint base = Checkpoints.open(bench.path("base.safetensors"));
        DeltaArtifact delta = DeltaArtifact.open(bench.path("delta.safetensors"));
        EditArtifact one = edit("one", 1);
        EditArtifact two = edit("two", 2)) {
      Foundation foundation = Foundation.of(base, delta, bench.cache());
      List<EditArtifact> edits = List.of(one, two);
      EditSummary edited =
          EditApplier.apply(
              foundation, edits, bench.path("edited.safetensors"), ProgressListener.none());

      // When
      CompressionSummary folded =
          EditFolding.fold(
              base,
              foundation,
              edits,
              bench.path("folded.safetensors"),
              DeltaSurvey.DEFAULT_SHARD_BYTES,
              bench.cache(),
              ProgressListener.none());

      // Then: only what differs is kept, about one in a hundred where no edit is
      ApplySummary applied =
          bench.apply("base.safetensors", "folded.safetensors", "squashed.safetensors");
      assertThat(applied.result()).isEqualTo(edited.result()).isEqualTo(folded.fineTuned());
      assertThat(bench.read("squashed.safetensors"))
          .containsExactlyEntriesOf(bench.read("edited.safetensors"));
      try (DeltaArtifact artifact = DeltaArtifact.open(bench.path("folded.safetensors"))) {
        assertThat(artifact.tensors().get("a.weight").kept()).isBetween(500L, 1100L);
        assertThat(artifact.tensors().get("b.weight").kept()).isBetween(1100L, 1200L);
        assertThat(artifact.header().notes()).isEqualTo(Map.of(EditFolding.NOTE, "one\ntwo"));
      }
      assertThat(EditApplier.verify(foundation, edits, ProgressListener.none())).isEqualTo(edited);
    }
  }

  @Test
  void shouldGiveBackTheBaseWhenWhatWasFoldedIsApplied() throws IOException {
    // Given
    compress(ValueCode.EXACT);
    try (Checkpoint base = Checkpoints.open(bench.path("base.safetensors"));
        EditArtifact edit = editOf(base, "one", 1)) {
      EditFolding.fold(
          base,
          Foundation.of(base, bench.cache(), ProgressListener.none()),
          List.of(edit),
          bench.path("folded.safetensors"),
          DeltaSurvey.DEFAULT_SHARD_BYTES,
          bench.cache(),
          ProgressListener.none());
      bench.apply("base.safetensors", "folded.safetensors", "squashed.safetensors");

      // When
      bench.apply("squashed.safetensors", "folded.safetensors", "restored.safetensors");

      // Then
      assertThat(bench.read("restored.safetensors"))
          .containsExactlyEntriesOf(bench.read("base.safetensors"));
    }
  }

  /** An edit of the smaller weight of the foundation. */
  private EditArtifact edit(String editId, int seed) throws IOException {
    try (Checkpoint foundation = Checkpoints.open(bench.path("foundation.safetensors"))) {
      return editOf(foundation, editId, seed);
    }
  }

  private EditArtifact editOf(Checkpoint foundation, String editId, int seed) throws IOException {
    Foundation digested = Foundation.of(foundation, bench.cache(), ProgressListener.none());
    EditedWeight weight =
        new EditedWeight(digested.digests().get("b.weight"), Orientation.OUTPUT_INPUT);
    float[] a = new float[2 * 30];
    float[] b = new float[40 * 2];
    for (int i = 0; i < b.length; i++) {
      b[i] = (i * 37 % 11 - 5) / 64f * seed;
      a[i % a.length] = (i * 29 % 13 - 6.5f) / 64f;
    }
    Path file = bench.path(editId + ".safetensors");
    EditArtifactWriter.write(
        file,
        EditIdentity.of(editId, digested.digest(), "mend"),
        Map.of("b.weight", weight),
        List.of(new LowRankShift("b.weight", 2, 30, 40, a, b)));
    return EditArtifact.open(file);
  }
}
