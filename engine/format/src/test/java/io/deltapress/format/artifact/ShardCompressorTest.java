package io.deltapress.format.artifact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.deltapress.format.BadInputException;
import io.deltapress.format.ProgressListener;
import io.deltapress.format.tensor.Checkpoint;
import io.deltapress.format.tensor.DType;
import io.deltapress.format.tensor.DigestCache;
import io.deltapress.format.tensor.Shape;
import io.deltapress.format.tensor.TensorInfo;
import io.deltapress.format.tensor.WeightsDigest;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ShardCompressorTest {
  @TempDir Path directory;
  private Workbench bench;

  @BeforeEach
  void begin() {
    bench = new Workbench(directory);
  }

  private static Pair pair() {
    return new Pair(8)
        .weights("layer.0.weight", DType.BF16, 400, 400)
        .weights("layer.1.weight", DType.BF16, 400, 400)
        .weights("layer.2.weight", DType.F32, 100_000)
        .tensor(new TensorInfo("ids", DType.I64, Shape.of(1)), new byte[8], new byte[8]);
  }

  @ParameterizedTest
  @EnumSource(ValueCode.class)
  void shouldMakeBytesOfOfflineArtifactWhenShardsAreMadeAlone(ValueCode values) throws Exception {
    // Given: the pipeline's way, shards in any order and by different workers
    CompressionSettings settings = Workbench.settings(Method.MAGNITUDE, 0.95, 1, values);
    CompressionSummary offline = bench.compress(pair(), settings, "offline", 400_000);
    List<String> sha256 = new ArrayList<>();
    try (Checkpoint base = pair().writeBase(bench.path("base2.safetensors"));
        Checkpoint tuned = pair().writeFineTuned(bench.path("tuned2.safetensors"))) {
      List<ShardPlan> plans = DeltaSurvey.survey(base, tuned, settings, 400_000);
      // When
      for (ShardPlan plan : plans) {
        Path out = bench.path("shard-" + plan.index());
        DigestCache emptyCache = new DigestCache(bench.path("empty"));
        sha256.add(
            new ShardCompressor(base, tuned, offline.parent(), settings, emptyCache)
                .compress(plan.of(plans.size()), out, ProgressListener.none())
                .sha256());
      }
    }
    // Then
    assertThat(ArtifactDigest.of(sha256)).isEqualTo(offline.artifact());
    assertThat(sha256).hasSizeGreaterThan(1);
    try (DeltaArtifact opened =
        DeltaArtifact.open(
            List.of(bench.path("shard-1"), bench.path("shard-0"), bench.path("shard-2")))) {
      assertThat(opened.check()).isEqualTo(offline.artifact());
    }
  }

  @Test
  void shouldTellWhatBecameOfEachTensorWhenDone() throws Exception {
    // When
    CompressionSummary summary =
        bench.compress(pair(), Workbench.settings(Method.DARE, 0.99, 0.01, ValueCode.EXACT));
    // Then
    ShardSummary shard = summary.shards().get(0);
    assertThat(shard.pruned()).isEqualTo(3);
    assertThat(shard.whole()).isZero();
    assertThat(shard.unchanged()).isEqualTo(1);
    assertThat(shard.parameters()).isEqualTo(420_001);
    assertThat(shard.fineTuned().keySet())
        .containsExactly("ids", "layer.0.weight", "layer.1.weight", "layer.2.weight");
    assertThat(WeightsDigest.of(shard.fineTuned().values())).isEqualTo(summary.fineTuned());
    assertThat(shard.statistics().count()).isEqualTo(420_000);
    assertThat(shard.statistics().unchangedFraction()).isBetween(0.32, 0.36);
    assertThat(shard.bytes()).isEqualTo(Files.size(bench.path("delta.safetensors")));
    assertThat(summary.denseBytes()).isEqualTo(2 * 320_000 + 400_000 + 8);
    assertThat(summary.keptValues()).isBetween(3_880L, 4_520L);
  }

  @Test
  void shouldCarryExcludedTensorsWholeWhenGlobsSaySo() throws Exception {
    // Given
    CompressionSettings settings =
        CompressionSettings.builder(Method.DARE, 0.99)
            .include(List.of("layer.*"))
            .exclude(List.of("*.1.w?ight"))
            .build();
    // When
    CompressionSummary summary = bench.compress(pair(), settings);
    // Then
    assertThat(summary.shards().get(0).pruned()).isEqualTo(2);
    assertThat(summary.shards().get(0).whole()).isEqualTo(1);
    bench.apply("base.safetensors", "delta.safetensors", "result.safetensors");
    assertThat(bench.read("result.safetensors").get("layer.1.weight"))
        .isEqualTo(pair().fineTuned.get("layer.1.weight"));
  }

  @ParameterizedTest
  @CsvSource({"NaN, NaN", "Infinity, Infinity", "-Infinity, -Infinity"})
  void shouldNameElementWhenItsResultIsNotFinite(float value, String shown) throws Exception {
    // Given
    Pair pair = new Pair(8).weights("w", DType.F32, 70_000);
    byte[] bad = Pair.bytes(DType.F32, value);
    System.arraycopy(bad, 0, pair.fineTuned.get("w"), 4 * 65_540, 4);
    // When
    var failure =
        assertThatExceptionOfType(BadInputException.class)
            .isThrownBy(
                () ->
                    bench.compress(pair, Workbench.settings(Method.DARE, 0, 0.5, ValueCode.INT8)));
    // Then
    failure.withMessage(
        "%s: tensor 'w': element 65540 is not finite once pruned: its delta is %s, q is 0.5;"
            + " repair the weights or exclude the tensor",
        bench.path("tuned.safetensors"), shown);
    assertThat(bench.names()).containsExactlyInAnyOrder("base.safetensors", "tuned.safetensors");
  }

  @Test
  void shouldLeaveWhatIsNotFiniteInTheBaseWhenItIsDropped() throws Exception {
    // Given
    Pair pair = new Pair(8).weights("w", DType.BF16, 1000);
    byte[] odd = {(byte) 0x80, 0x7F, (byte) 0xC1, 0x7F, 0, (byte) 0x80};
    System.arraycopy(odd, 0, pair.base.get("w"), 0, odd.length);
    // When: magnitude pruning would keep the infinite delta, so everything is dropped
    bench.compress(pair, Workbench.settings(Method.DARE, 1, 1, ValueCode.EXACT));
    bench.apply("base.safetensors", "delta.safetensors", "result.safetensors");
    // Then
    assertThat(bench.read("result.safetensors").get("w")).startsWith(odd);
  }

  @Test
  void shouldNameTensorWhenFineTuneLacksIt() throws Exception {
    // Given
    Pair pair = pair();
    pair.fineTuned.remove("layer.1.weight");
    pair.fineTunedInfos.remove("layer.1.weight");
    // When
    var failure =
        assertThatExceptionOfType(BadInputException.class)
            .isThrownBy(
                () ->
                    bench.compress(pair, Workbench.settings(Method.DARE, 0.9, 1, ValueCode.EXACT)));
    // Then
    failure.withMessage(
        "%s: tensor 'layer.1.weight': missing, although the base has it; supply a fine-tune of this"
            + " base with all its tensors",
        bench.path("tuned.safetensors"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"none/delta.safetensors", "none/delta"})
  void shouldRefuseTargetWhenItsDirectoryDoesNotExist(String out) {
    // When
    var failure =
        assertThatExceptionOfType(BadInputException.class)
            .isThrownBy(
                () ->
                    bench.compress(
                        pair(), Workbench.settings(Method.DARE, 0.9, 1, ValueCode.EXACT), out, 1));
    // Then
    failure
        .withMessageStartingWith(bench.path(out) + ": its ")
        .withMessageEndingWith(" does not exist; create it or choose another path");
  }

  @Test
  void shouldPlanEveryTensorOnceWhenSurveyed() throws Exception {
    try (Checkpoint base = pair().writeBase(bench.path("base.safetensors"));
        Checkpoint tuned = pair().writeFineTuned(bench.path("tuned.safetensors"))) {
      // When
      List<ShardPlan> plans =
          DeltaSurvey.survey(
              base, tuned, Workbench.settings(Method.DARE, 0.99, 0.01, ValueCode.EXACT), 640_008);
      // Then
      assertThat(plans)
          .extracting(ShardPlan::tensors)
          .containsExactly(
              List.of("ids", "layer.0.weight", "layer.1.weight"), List.of("layer.2.weight"));
      assertThat(plans.get(0).baseBytes()).isEqualTo(640_008);
      assertThat(plans.get(0).parameters()).isEqualTo(320_001);
      assertThat(plans.get(0).estimatedArtifactBytes()).isBetween(6_400L, 9_000L);
    }
  }

  @Test
  void shouldComeNearFineTuneOnAverageWhenMasksAreMany() throws Exception {
    // Given: DARE with q = 1 - p is unbiased
    Pair pair =
        new Pair(8)
            .tensor(
                new TensorInfo("w", DType.F32, Shape.of(4)),
                Pair.bytes(DType.F32, 1, 1, 1, 1),
                Pair.bytes(DType.F32, 1.5, 0.5, 1.25, 1));
    double[] sum = new double[4];
    int masks = 100;
    // When
    for (int seed = 0; seed < masks; seed++) {
      bench.compress(pair, CompressionSettings.builder(Method.DARE, 0.5).seed(seed).build());
      bench.apply("base.safetensors", "delta.safetensors", "result.safetensors");
      var result =
          ByteBuffer.wrap(bench.read("result.safetensors").get("w")).order(ByteOrder.LITTLE_ENDIAN);
      for (int i = 0; i < 4; i++) {
        sum[i] += result.getFloat(4 * i);
      }
    }
    // Then: five deviations of a mean of masks, each delta being doubled or dropped
    double[] expected = {1.5, 0.5, 1.25, 1};
    for (int i = 0; i < 4; i++) {
      double deviation = Math.abs(expected[i] - 1) / Math.sqrt(masks);
      assertThat(Math.abs(sum[i] / masks - expected[i])).isLessThanOrEqualTo(5 * deviation);
    }
  }
}
