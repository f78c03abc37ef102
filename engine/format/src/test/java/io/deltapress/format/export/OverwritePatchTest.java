package io.deltapress.format.export;

import static org.assertj.core.api.Assertions.assertThat;

import io.deltapress.format.ProgressListener;
import io.deltapress.format.artifact.DeltaArtifact;
import io.deltapress.format.artifact.Method;
import io.deltapress.format.artifact.Pair;
import io.deltapress.format.artifact.ValueCode;
import io.deltapress.format.artifact.Workbench;
import io.deltapress.format.tensor.Checkpoint;
import io.deltapress.format.tensor.Checkpoints;
import io.deltapress.format.tensor.DType;
import io.deltapress.format.tensor.Shape;
import io.deltapress.format.tensor.TensorInfo;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class OverwritePatchTest {
  @TempDir Path directory;
  private Workbench bench;

  @BeforeEach
  void begin() {
    bench = new Workbench(directory);
  }

  @ParameterizedTest
  @EnumSource(ValueCode.class)
  void shouldTurnBaseIntoResultWhenPatchIsWrittenOverIt(ValueCode values) throws Exception {
    // Given
    Pair pair =
        new Pair(5)
            .weights("a.weight", DType.BF16, 300, 300)
            .weights("b.weight", DType.F32, 1000)
            .tensor(
                new TensorInfo("ids", DType.I64, Shape.of(1)),
                new byte[8],
                new byte[] {1, 0, 0, 0, 0, 0, 0, 0})
            .fineTuned(new TensorInfo("new", DType.BF16, Shape.of(1, 2)), new byte[] {1, 2, 3, 4});
    bench.compress(pair, Workbench.settings(Method.DARE, 0.9, 0.1, values));
    bench.apply("base.safetensors", "delta.safetensors", "result.safetensors");
    // When
    PatchSummary summary = export("base.safetensors");
    // Then
    assertThat(PatchEngine.overwrite(pair.base, bench.path("patch.safetensors")))
        .containsExactlyEntriesOf(bench.read("result.safetensors"));
    assertThat(summary.tensors()).isEqualTo(4);
    assertThat(summary.totalElements()).isEqualTo(91_003);
    assertThat(summary.changedElements()).isBetween(5_000L, 10_000L);
  }

  @ParameterizedTest
  @ValueSource(strings = {"base", "result"})
  void shouldNameTheCheckpointItIsForWhenArtifactIsTakenBack(String from) throws Exception {
    // Given
    Pair pair = new Pair(5).weights("a.weight", DType.BF16, 300, 300);
    bench.compress(pair, Workbench.settings(Method.DARE, 0.9, 0.1, ValueCode.EXACT));
    bench.apply("base.safetensors", "delta.safetensors", "result.safetensors");
    Map<String, byte[]> weights = bench.read(from + ".safetensors");
    String digest;
    try (Checkpoint checkpoint = Checkpoints.open(bench.path(from + ".safetensors"))) {
      digest = bench.cache().weightsDigest(checkpoint, ProgressListener.none()).hex();
    }
    // When
    export(from + ".safetensors");
    // Then
    try (Checkpoint patch = Checkpoints.open(bench.path("patch.safetensors"))) {
      assertThat(patch.metadata()).containsEntry("parent", digest);
    }
    assertThat(PatchEngine.overwrite(weights, bench.path("patch.safetensors")))
        .containsExactlyEntriesOf(
            bench.read((from.equals("base") ? "result" : "base") + ".safetensors"));
  }

  private PatchSummary export(String from) throws Exception {
    try (Checkpoint base = Checkpoints.open(bench.path(from));
        DeltaArtifact artifact = DeltaArtifact.open(bench.path("delta.safetensors"))) {
      return new OverwritePatch(bench.cache())
          .export(base, artifact, bench.path("patch.safetensors"), ProgressListener.none());
    }
  }
}
