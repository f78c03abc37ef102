package io.deltapress.format.artifact;

import static org.assertj.core.api.Assertions.assertThat;

import io.deltapress.format.ProgressListener;
import io.deltapress.format.artifact.ApplySummary.Direction;
import io.deltapress.format.tensor.Checkpoint;
import io.deltapress.format.tensor.Checkpoints;
import io.deltapress.format.tensor.DType;
import io.deltapress.format.tensor.DigestCache;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DeltaApplierTest {
  @TempDir Path directory;

  @ParameterizedTest
  @EnumSource(Method.class)
  void shouldRestoreBaseWhenExactArtifactIsAppliedTwice(Method method) throws Exception {
    // Given
    Pair pair = pair();
    compress(
        pair, new CompressionSettings(method, 0.9, 0.2, 7, ValueCode.EXACT, List.of(), List.of()));
    apply("base.safetensors", "once.safetensors");
    // When
    ApplySummary summary = apply("once.safetensors", "twice.safetensors");
    // Then
    assertThat(summary.direction()).isEqualTo(Direction.UNDONE);
    assertThat(Pair.read(directory.resolve("twice.safetensors")))
        .containsExactlyEntriesOf(pair.base);
    assertThat(Pair.read(directory.resolve("once.safetensors"))).isNotEqualTo(pair.base);
  }

  @Test
  void shouldGiveFineTuneWhenNothingIsDroppedNorRescaled() throws Exception {
    // Given
    Pair pair = pair();
    compress(
        pair, new CompressionSettings(Method.DARE, 0, 1, 7, ValueCode.EXACT, List.of(), List.of()));
    // When
    apply("base.safetensors", "result.safetensors");
    // Then
    assertThat(Pair.read(directory.resolve("result.safetensors")))
        .containsExactlyEntriesOf(pair.fineTuned);
  }

  private static Pair pair() {
    return new Pair(1)
        .weights("a.weight", DType.BF16, 300, 500)
        .weights("b.weight", DType.F16, 70_001)
        .weights("c.weight", DType.F32, 65_536)
        .weights("d.weight", DType.F64, 1000)
        .weights("e", DType.F32);
  }

  private CompressionSummary compress(Pair pair, CompressionSettings settings) throws Exception {
    try (Checkpoint base = pair.writeBase(directory.resolve("base.safetensors"));
        Checkpoint fineTuned = pair.writeFineTuned(directory.resolve("tuned.safetensors"))) {
      return new DeltaCompressor(cache())
          .compress(
              base,
              fineTuned,
              settings,
              directory.resolve("delta.safetensors"),
              DeltaSurvey.DEFAULT_SHARD_BYTES,
              ProgressListener.none());
    }
  }

  private ApplySummary apply(String from, String to) throws Exception {
    try (Checkpoint base = Checkpoints.open(directory.resolve(from));
        DeltaArtifact artifact = DeltaArtifact.open(directory.resolve("delta.safetensors"))) {
      return new DeltaApplier(cache())
          .apply(base, artifact, directory.resolve(to), ProgressListener.none());
    }
  }

  private DigestCache cache() {
    return new DigestCache(directory.resolve("cache"));
  }
}
