package io.deltapress.format.artifact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.deltapress.format.BadInputException;
import io.deltapress.format.IntegrityException;
import io.deltapress.format.artifact.ApplySummary.Direction;
import io.deltapress.format.tensor.Checkpoint;
import io.deltapress.format.tensor.Checkpoints;
import io.deltapress.format.tensor.DType;
import io.deltapress.format.tensor.HeaderBudget;
import io.deltapress.format.tensor.Shape;
import io.deltapress.format.tensor.TensorInfo;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class DeltaApplierTest {
  private static final String BASE = "base.safetensors";
  private static final String DELTA = "delta.safetensors";
  private static final String RESULT = "result.safetensors";

  @TempDir Path directory;
  private Workbench bench;

  @BeforeEach
  void begin() {
    bench = new Workbench(directory);
  }

  private static Pair floats() {
    return new Pair(1)
        .weights("a.weight", DType.BF16, 300, 500)
        .weights("b.weight", DType.F16, 70_001)
        .weights("c.weight", DType.F32, 65_536)
        .weights("d.weight", DType.F64, 1000)
        .weights("e", DType.F32)
        .weights("empty", DType.F32, 0);
  }

  /** Tensors that are resized, of another type, new, equal, or no floats. */
  private static Pair everything() {
    Pair pair =
        floats()
            .tensor(
                new TensorInfo("ids", DType.I64, Shape.of(1)),
                new byte[8],
                "12345678".getBytes(StandardCharsets.US_ASCII))
            .tensor(new TensorInfo("same", DType.I32, Shape.of(2)), new byte[8], new byte[8])
            .weights("embedding", DType.BF16, 8, 4)
            .weights("retyped", DType.F16, 8)
            .fineTuned(new TensorInfo("new", DType.BF16, Shape.of(2)), new byte[] {1, 2, 3, 4});
    return pair.fineTuned(new TensorInfo("embedding", DType.BF16, Shape.of(9, 4)), new byte[72])
        .fineTuned(new TensorInfo("retyped", DType.BF16, Shape.of(8)), new byte[16]);
  }

  @ParameterizedTest
  @EnumSource(Method.class)
  void shouldRestoreBaseWhenExactArtifactIsAppliedTwice(Method method) throws Exception {
    // Given
    Pair pair = floats();
    bench.compress(pair, Workbench.settings(method, 0.9, 0.2, ValueCode.EXACT));
    bench.apply(BASE, DELTA, RESULT);
    // When
    ApplySummary summary = bench.apply(RESULT, DELTA, "twice.safetensors");
    // Then
    assertThat(summary.direction()).isEqualTo(Direction.UNDONE);
    assertThat(bench.read("twice.safetensors")).containsExactlyEntriesOf(pair.base);
    assertThat(bench.read(RESULT)).isNotEqualTo(pair.base);
  }

  @ParameterizedTest
  @EnumSource(Method.class)
  void shouldGiveFineTuneWhenNothingIsDroppedNorRescaled(Method method) throws Exception {
    // Given
    Pair pair = everything();
    CompressionSummary made =
        bench.compress(pair, Workbench.settings(method, 0, 1, ValueCode.EXACT));
    // When
    ApplySummary summary = bench.apply(BASE, DELTA, RESULT);
    // Then
    assertThat(bench.read(RESULT)).containsExactlyEntriesOf(pair.fineTuned);
    assertThat(summary.result()).isEqualTo(made.fineTuned());
    assertThat(summary.from()).isEqualTo(made.parent());
    assertThat(summary.artifact()).isEqualTo(made.artifact());
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 1})
  void shouldGiveFineTuneOrBaseWhenDareKeepsEverythingOrNothing(double pruneRate) throws Exception {
    // Given: the factor is DARE's own, 1 - p, which is 0 for p = 1
    Pair pair = floats();
    bench.compress(pair, CompressionSettings.builder(Method.DARE, pruneRate).build());
    // When
    bench.apply(BASE, DELTA, RESULT);
    // Then
    assertThat(bench.read(RESULT))
        .containsExactlyEntriesOf(pruneRate == 0 ? pair.fineTuned : pair.base);
  }

  @ParameterizedTest
  @EnumSource(Method.class)
  void shouldGiveBaseWhenEverythingIsDropped(Method method) throws Exception {
    // Given
    Pair pair = floats();
    bench.compress(pair, Workbench.settings(method, 1, 1, ValueCode.EXACT));
    // When
    bench.apply(BASE, DELTA, RESULT);
    // Then
    assertThat(bench.read(RESULT)).containsExactlyEntriesOf(pair.base);
  }

  @ParameterizedTest
  @EnumSource(ValueCode.class)
  void shouldTakeArtifactBackWhenUndoFileIsApplied(ValueCode values) throws Exception {
    // Given
    Pair pair = everything();
    bench.compress(pair, Workbench.settings(Method.MAGNITUDE, 0.9, 1, values));
    ApplySummary done = bench.applyWithUndo(BASE, DELTA, RESULT, "undo.safetensors");
    // When
    ApplySummary undone = bench.apply(RESULT, "undo.safetensors", "restored.safetensors");
    // Then
    assertThat(bench.read("restored.safetensors")).containsExactlyEntriesOf(pair.base);
    assertThat(undone.result()).isEqualTo(done.from());
    assertThat(undone.from()).isEqualTo(done.result());
    assertThat(undone.removed()).isEqualTo(1);
  }

  @ParameterizedTest
  @EnumSource(names = {"BF16", "F16", "INT8", "INT4"})
  void shouldStayNearExactResultWhenValuesAreRounded(ValueCode values) throws Exception {
    // Given: single precision, so that the rounding of values is all there is
    Pair pair = new Pair(2).weights("w", DType.F32, 100, 100);
    bench.compress(pair, Workbench.settings(Method.DARE, 0.5, 0.5, ValueCode.EXACT));
    bench.apply(BASE, DELTA, "exact.safetensors");
    bench.compress(pair, Workbench.settings(Method.DARE, 0.5, 0.5, values));
    // When
    bench.apply(BASE, DELTA, RESULT);
    // Then: deltas reach 0.004 / 0.5 times four deviations
    double bound =
        switch (values) {
          case BF16 -> 0.02 / 256;
          case F16 -> 0.02 / 1024;
          case INT8 -> 0.02 / 127;
          default -> 0.02 / 7;
        };
    var exact = ByteBuffer.wrap(bench.read("exact.safetensors").get("w"));
    var rounded = ByteBuffer.wrap(bench.read(RESULT).get("w"));
    double largest = 0;
    while (exact.hasRemaining()) {
      float left = Float.intBitsToFloat(Integer.reverseBytes(exact.getInt()));
      float right = Float.intBitsToFloat(Integer.reverseBytes(rounded.getInt()));
      largest = Math.max(largest, Math.abs(left - right));
    }
    assertThat(largest).isPositive().isLessThan(bound);
  }

  @Test
  void shouldNameTensorWhenBaseIsNotTheParent() throws Exception {
    // Given
    bench.compress(floats(), Workbench.settings(Method.DARE, 0.9, 0.1, ValueCode.EXACT));
    Pair other = floats();
    other.base.get("c.weight")[17] ^= 1;
    other.writeBase(directory.resolve("other.safetensors")).close();
    // When
    var failure =
        assertThatExceptionOfType(IntegrityException.class)
            .isThrownBy(() -> bench.apply("other.safetensors", DELTA, RESULT));
    // Then
    failure
        .withMessageStartingWith(
            "%s: tensor 'c.weight': is not that of the artifact's parent, which has the weights"
                + " digest ",
            bench.path("other.safetensors"))
        .withMessageEndingWith("; use the checkpoint from which the artifact was made");
    assertThat(bench.names()).doesNotContain(RESULT).hasSize(4);
  }

  @Test
  void shouldLeaveNothingWhenArtifactIsDamaged() throws Exception {
    // Given
    bench.compress(floats(), Workbench.settings(Method.DARE, 0.9, 0.1, ValueCode.EXACT));
    byte[] bytes = Files.readAllBytes(bench.path(DELTA));
    bytes[bytes.length - 1] ^= 1;
    Files.write(bench.path(DELTA), bytes);
    // When
    var failure =
        assertThatExceptionOfType(IntegrityException.class)
            .isThrownBy(() -> bench.applyWithUndo(BASE, DELTA, RESULT, "undo.safetensors"));
    // Then
    failure.withMessage(
        "%s: the file was damaged or changed after it was made; fetch it again", bench.path(DELTA));
    assertThat(bench.names()).containsExactlyInAnyOrder(BASE, "tuned.safetensors", DELTA);
  }

  @Test
  void shouldVerifyWithoutWritingWhenAsked() throws Exception {
    // Given
    bench.compress(everything(), Workbench.settings(Method.DARE, 0.9, 0.1, ValueCode.INT4));
    AtomicLong seen = new AtomicLong();
    ApplySummary summary;
    // When
    try (Checkpoint base = Checkpoints.open(bench.path(BASE));
        DeltaArtifact artifact = DeltaArtifact.open(bench.path(DELTA))) {
      summary = new DeltaApplier(bench.cache()).verify(base, artifact, seen::addAndGet);
    }
    // Then
    assertThat(summary.pruned()).isEqualTo(4);
    assertThat(summary.replaced()).isEqualTo(4);
    assertThat(seen.get()).isGreaterThan(700_000);
    assertThat(bench.names()).containsExactlyInAnyOrder(BASE, "tuned.safetensors", DELTA);
  }

  @Test
  void shouldGiveSameResultWhenArtifactIsSharded() throws Exception {
    // Given
    Pair pair = everything();
    CompressionSettings settings = Workbench.settings(Method.DARE, 0.9, 0.1, ValueCode.EXACT);
    bench.compress(pair, settings);
    bench.compress(pair, settings, "sharded", 200_000);
    ApplySummary one = bench.apply(BASE, DELTA, RESULT);
    // When
    ApplySummary many = bench.apply(BASE, "sharded", "other.safetensors");
    // Then
    assertThat(many.result()).isEqualTo(one.result());
    assertThat(bench.read("other.safetensors")).containsExactlyEntriesOf(bench.read(RESULT));
    assertThat(Pair.names(bench.path("sharded")))
        .contains("model.safetensors.index.json", "model-00001-of-00004.safetensors");
    try (Checkpoint asHuggingFace = Checkpoints.open(bench.path("sharded"))) {
      assertThat(asHuggingFace.tensors()).containsKey("values/a.weight");
    }
  }

  @Test
  void shouldRefuseArtifactWhenAShardIsMissing() throws Exception {
    // Given
    bench.compress(
        floats(), Workbench.settings(Method.DARE, 0.9, 0.1, ValueCode.EXACT), "sharded", 200_000);
    Path missing = bench.path("sharded/model-00002-of-00004.safetensors");
    Files.delete(missing);
    // When
    var failure =
        assertThatExceptionOfType(BadInputException.class)
            .isThrownBy(() -> bench.apply(BASE, "sharded", RESULT));
    // Then
    failure.withMessage(
        "%s: is shard 0 of 4, but 3 were found and this should be number 0; fetch the others",
        bench.path("sharded/model-00001-of-00004.safetensors"));
  }

  @Test
  void shouldRefuseArtifactWhenHeadersOfItsShardsAreTooLongTogether() throws Exception {
    // Given: each header alone is within the budget
    bench.compress(
        floats(), Workbench.settings(Method.DARE, 0.9, 0.1, ValueCode.EXACT), "sharded", 200_000);
    List<Path> files;
    try (DeltaArtifact artifact = DeltaArtifact.open(bench.path("sharded"))) {
      files = artifact.files();
    }
    // When
    var failure =
        assertThatExceptionOfType(BadInputException.class)
            .isThrownBy(
                () -> DeltaArtifact.open(directory, files, new HeaderBudget(1000, 2500)).close());
    // Then
    failure.withMessage(
        "%s: headers of the checkpoint exceed 2500 bytes together; split it up", files.get(3));
  }

  @ParameterizedTest
  @EnumSource(names = {"EXACT", "INT8"})
  void shouldNameTheCheckpointItStartsFromWhenUndoFileTakesUndoingBack(ValueCode values)
      throws Exception {
    // Given: an artifact, or an undo file, that is taken back by applying it to its own result
    Pair pair = floats();
    ApplySummary made;
    bench.compress(pair, Workbench.settings(Method.DARE, 0.9, 0.1, values));
    made = bench.applyWithUndo(BASE, DELTA, RESULT, "undo.safetensors");
    String undoing = values == ValueCode.EXACT ? DELTA : "undo.safetensors";
    ApplySummary undone =
        bench.applyWithUndo(RESULT, undoing, "restored.safetensors", "redo.safetensors");
    // When
    ApplySummary redone =
        bench.apply("restored.safetensors", "redo.safetensors", "again.safetensors");
    // Then
    assertThat(undone.direction())
        .isEqualTo(values == ValueCode.EXACT ? Direction.UNDONE : Direction.APPLIED);
    assertThat(redone.direction()).isEqualTo(Direction.APPLIED);
    assertThat(redone.result()).isEqualTo(made.result());
    assertThat(bench.read("again.safetensors")).containsExactlyEntriesOf(bench.read(RESULT));
    try (DeltaArtifact redo = DeltaArtifact.open(bench.path("redo.safetensors"))) {
      assertThat(redo.parentDigest()).isEqualTo(made.from());
      assertThat(redo.tensors().get("d.weight").parentSha256())
          .isEqualTo(sha256(pair.base.get("d.weight")));
    }
  }

  @Test
  void shouldRefuseWhatCouldNotBeUndoneWhenTheBaseIsNotFinite() throws Exception {
    // Given: nothing is dropped nor rescaled, so that the fine-tune itself is the result
    Pair pair =
        new Pair(1)
            .tensor(
                new TensorInfo("w", DType.F32, Shape.of(4)),
                Pair.bytes(DType.F32, 1, 2, Double.NaN, Double.NEGATIVE_INFINITY),
                Pair.bytes(DType.F32, 1, 3, 4, 5));
    // When
    var failure =
        assertThatExceptionOfType(BadInputException.class)
            .isThrownBy(
                () -> bench.compress(pair, Workbench.settings(Method.DARE, 0, 1, ValueCode.EXACT)));
    // Then
    failure.withMessage(
        "%s: tensor 'w': element 2 is not finite once pruned: its delta is NaN, q is 1.0; repair the"
            + " weights or exclude the tensor",
        bench.path("tuned.safetensors"));
    assertThat(bench.path(DELTA)).doesNotExist();
  }

  @Test
  void shouldRefuseFileWhenItIsNoArtifact() throws Exception {
    // Given
    floats().writeBase(bench.path(BASE)).close();
    // When
    var failure =
        assertThatExceptionOfType(BadInputException.class)
            .isThrownBy(() -> DeltaArtifact.open(bench.path(BASE)));
    // Then
    failure.withMessage(
        "%s: is no delta artifact: its metadata name no such format", bench.path(BASE));
  }

  @Test
  void shouldReportProgressOfAllBaseBytesWhenApplying() throws Exception {
    // Given
    bench.compress(floats(), Workbench.settings(Method.DARE, 0.9, 0.1, ValueCode.EXACT));
    AtomicLong seen = new AtomicLong();
    // When
    try (Checkpoint base = Checkpoints.open(bench.path(BASE));
        DeltaArtifact artifact = DeltaArtifact.open(bench.path(DELTA))) {
      new DeltaApplier(bench.cache()).apply(base, artifact, bench.path(RESULT), seen::addAndGet);
    }
    // Then
    assertThat(seen.get()).isEqualTo(300 * 500 * 2 + 70_001 * 2 + 65_536 * 4 + 8000 + 4);
  }

  private static String sha256(byte[] bytes) throws Exception {
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
  }
}
