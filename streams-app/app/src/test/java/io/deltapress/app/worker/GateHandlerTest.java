package io.deltapress.app.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deltapress.djl.reference.ReferenceModels;
import io.deltapress.format.ProgressListener;
import io.deltapress.format.artifact.ArtifactDigest;
import io.deltapress.format.artifact.DeltaSurvey;
import io.deltapress.format.artifact.ShardCompressor;
import io.deltapress.format.artifact.ShardPlan;
import io.deltapress.format.artifact.ShardScope;
import io.deltapress.format.tensor.Checkpoint;
import io.deltapress.format.tensor.Checkpoints;
import io.deltapress.format.tensor.DigestCache;
import io.deltapress.format.tensor.WeightsDigest;
import io.deltapress.schemas.Canary;
import io.deltapress.schemas.CanaryMetric;
import io.deltapress.schemas.CanaryScore;
import io.deltapress.schemas.CompressionMethod;
import io.deltapress.schemas.CompressionSettings;
import io.deltapress.schemas.GateMeasured;
import io.deltapress.schemas.MeasureGate;
import io.deltapress.schemas.ReasonCode;
import io.deltapress.schemas.ValueCode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GateHandlerTest {
  private static final Path REFERENCE = Path.of("../../engine/djl/reference");
  private static final long SHARD_BYTES = 1 << 20;
  private static final int TASKS = 20;

  @TempDir Path host;
  private Sources sources;
  private DigestCache digests;
  private ScratchDirectory scratch;
  private BaseSlot bases;
  private GateHandler handler;

  @BeforeEach
  void open() throws IOException {
    Path reference = REFERENCE.toRealPath();
    Path tasks = Files.createDirectories(host.toRealPath().resolve("tasks"));
    for (String name : List.of("router", "facts-small")) {
      List<String> lines = Files.readAllLines(reference.resolve("tasks/" + name + "-test.jsonl"));
      Files.write(tasks.resolve(name + ".jsonl"), lines.subList(0, TASKS));
      Files.write(tasks.resolve(name + "-others.jsonl"), lines.subList(TASKS, 2 * TASKS));
      Files.write(tasks.resolve(name + "-overlap.jsonl"), lines.subList(TASKS - 1, 2 * TASKS));
    }
    sources =
        new Sources(
            SourceRoots.of("bases.roots", List.of(reference, host.toRealPath().resolve("bases"))),
            Map.of("acme", SourceRoots.of("sources.acme.roots", List.of(reference, tasks))));
    digests = new DigestCache(host.resolve("cache"));
    scratch = ScratchDirectory.open(host.resolve("scratch"));
    bases = new BaseSlot(digests, 1L << 32);
    handler = handler(bases);
  }

  @AfterEach
  void close() throws IOException {
    bases.close();
    scratch.close();
  }

  private GateHandler handler(BaseSlot slot) {
    return new GateHandler(new TrustedBase(digests), digests, scratch, slot);
  }

  private static CompressionSettings dare(double pruneRate) {
    return new CompressionSettings(
        CompressionMethod.DARE,
        pruneRate,
        pruneRate == 0 ? 1 : 1 - pruneRate,
        7L,
        ValueCode.EXACT,
        List.of(),
        List.of(),
        List.of());
  }

  private static Canary canary(String file) {
    return new Canary("canary", file, null, CanaryMetric.EXACT_MATCH);
  }

  private static MeasureGate gate(String model, double pruneRate, Canary canary) {
    return gate(model, pruneRate, canary, null);
  }

  private static MeasureGate gate(
      String model, double pruneRate, Canary canary, @Nullable String calibration) {
    return gate("base", model, pruneRate, canary, calibration);
  }

  private static MeasureGate gate(
      String base, String model, double pruneRate, Canary canary, @Nullable String calibration) {
    try {
      return new MeasureGate(
          ReferenceModels.read(REFERENCE).base().weightsDigest(),
          base,
          model,
          dare(pruneRate),
          SHARD_BYTES,
          List.of(canary),
          calibration);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private GateMeasured measure(GateHandler by, MeasureGate work) throws Exception {
    try (TaskSources taskSources = new TaskSources(sources, "acme", "router")) {
      return by.handle(work, taskSources, ProgressListener.none());
    }
  }

  private GateMeasured measure(MeasureGate work) throws Exception {
    return measure(handler, work);
  }

  @Test
  void shouldScoreTheVeryArtifactThatWouldBePublishedAgainstTheFineTune() throws Exception {
    // When
    GateMeasured ruined = measure(gate("facts-small", 0.99, canary("facts-small.jsonl")));
    GateMeasured kept = measure(gate("facts-small", 0.9, canary("facts-small.jsonl")));

    // Then
    CanaryScore score = ruined.getCanaries().get(0);
    assertThat(score.getReferenceScore()).isEqualTo(1);
    assertThat(score.getPrunedScore()).isLessThan(0.1);
    assertThat(score.getBaseScore()).isLessThan(0.2);
    assertThat(score.getExamples()).isEqualTo(TASKS);
    assertThat(kept.getCanaries().get(0).getPrunedScore()).isGreaterThan(0.95);
    assertThat(ruined.getUnmeasurable()).isNull();
    assertThat(ruined.getArtifactDigest()).isEqualTo(publishedDigest(0.99));
    assertThat(ruined.getArtifactBytes()).isBetween(30_000L, 60_000L);
    assertThat(host.resolve("scratch/tasks")).isEmptyDirectory();
  }

  /** What the shards of the compress lane would make. */
  private String publishedDigest(double pruneRate) throws Exception {
    try (Checkpoint base = Checkpoints.open(REFERENCE.resolve("base"));
        Checkpoint fineTuned = Checkpoints.open(REFERENCE.resolve("facts-small"))) {
      WeightsDigest parent =
          new WeightsDigest(ReferenceModels.read(REFERENCE).base().weightsDigest());
      var settings = WireSettings.of(dare(pruneRate));
      List<ShardPlan> plans = DeltaSurvey.survey(base, fineTuned, settings, SHARD_BYTES);
      List<String> shards = new ArrayList<>();
      for (ShardPlan plan : plans) {
        ShardScope scope = new ShardScope(shards.size(), plans.size(), plan.tensors());
        shards.add(
            new ShardCompressor(base, fineTuned, parent, settings, digests)
                .compress(scope, host.resolve("shard-" + shards.size()), ProgressListener.none())
                .sha256());
      }
      assertThat(shards).hasSizeGreaterThan(1);
      return ArtifactDigest.of(shards).hex();
    }
  }

  @Test
  void shouldGiveEveryTenantTheSameScoresWhenTheyTakeTurnsOnOneLoadedBase() throws Exception {
    // Given
    MeasureGate router = gate("router", 0.9, canary("router.jsonl"));
    MeasureGate facts = gate("facts-small", 0.95, canary("facts-small.jsonl"));
    List<CanaryScore> alone = new ArrayList<>();
    for (MeasureGate work : List.of(router, facts)) {
      try (BaseSlot own = new BaseSlot(digests, 1L << 32)) {
        alone.addAll(measure(handler(own), work).getCanaries());
      }
    }

    // When
    List<CanaryScore> inTurns = new ArrayList<>();
    for (MeasureGate work : List.of(router, facts, router)) {
      inTurns.addAll(measure(work).getCanaries());
    }

    // Then
    assertThat(inTurns).containsExactly(alone.get(0), alone.get(1), alone.get(0));
  }

  @Test
  void shouldLoseNothingWhenNothingIsDropped() throws Exception {
    // When
    CanaryScore score = measure(gate("router", 0, canary("router.jsonl"))).getCanaries().get(0);

    // Then
    assertThat(score.getPrunedScore()).isEqualTo(score.getReferenceScore());
  }

  @Test
  void shouldSayThatNothingCanBeMeasuredWhenTheBaseIsNoModel() throws Exception {
    // Given
    Path plain = Files.createDirectories(host.resolve("bases")).resolve("plain");
    Files.createDirectories(plain);
    Files.copy(REFERENCE.resolve("base/model.safetensors"), plain.resolve("model.safetensors"));
    MeasureGate work = gate("plain", "router", 0.9, canary("router.jsonl"), null);

    // When
    GateMeasured measured = measure(work);

    // Then
    assertThat(measured.getUnmeasurable())
        .startsWith("the base cannot be run as a model: plain")
        .doesNotContain(host.toString());
    assertThat(measured.getCanaries()).isEmpty();
    assertThat(measured.getArtifactDigest()).isNull();
  }

  @Test
  void shouldSayThatNothingCanBeMeasuredWhenTheBaseIsLargerThanTheBudget() throws Exception {
    // Given
    BaseSlot small = new BaseSlot(digests, 100L << 20);

    // When
    GateMeasured measured = measure(handler(small), gate("router", 0.9, canary("router.jsonl")));

    // Then
    assertThat(measured.getUnmeasurable())
        .isEqualTo(
            "the base needs about 263 MiB and a model may take 100 MiB: raise worker.memory.bytes");
  }

  @Test
  void shouldSayThatNothingCanBeMeasuredWhenTheMetricDoesNotFitTheModel() throws Exception {
    // Given
    Canary canary = new Canary("grammar", "router.jsonl", null, CanaryMetric.MATTHEWS);

    // When
    GateMeasured measured = measure(gate("router", 0.9, canary));

    // Then
    assertThat(measured.getUnmeasurable())
        .isEqualTo(
            "canary grammar cannot be scored: router.jsonl: metric matthews does not fit this model;"
                + " choose one of exact-match");
  }

  @Test
  void shouldRefuseACanaryThatIsNotTheFileThePolicyMeans() {
    // Given
    Canary canary = new Canary("tickets", "router.jsonl", "0".repeat(64), CanaryMetric.EXACT_MATCH);

    // When / Then
    assertThatThrownBy(() -> measure(gate("router", 0.9, canary)))
        .isInstanceOf(TaskRefusedException.class)
        .hasMessageStartingWith("Canary tickets at router.jsonl has SHA-256 ")
        .hasMessageEndingWith(
            " and the policy says %s; restore the file or set the policy anew"
                .formatted("0".repeat(64)))
        .extracting(e -> ((TaskRefusedException) e).reason())
        .isEqualTo(ReasonCode.INTEGRITY_MISMATCH);
  }

  @Test
  void shouldRefuseToMeasureOnWhatWasCalibratedOn() throws Exception {
    // Given
    MeasureGate overlapping = gate("router", 0.9, canary("router.jsonl"), "router-overlap.jsonl");
    MeasureGate apart = gate("router", 0.9, canary("router.jsonl"), "router-others.jsonl");

    // When
    GateMeasured measured = measure(apart);

    // Then
    assertThat(measured.getUnmeasurable()).isNull();
    assertThatThrownBy(() -> measure(overlapping))
        .isInstanceOf(TaskRefusedException.class)
        .hasMessage(
            "Task file router-overlap.jsonl shares 1 tasks with canary canary; calibrate on and preserve"
                + " tasks that nothing is measured on")
        .extracting(e -> ((TaskRefusedException) e).reason())
        .isEqualTo(ReasonCode.CALIBRATION_OVERLAPS_CANARY);
  }

  @Test
  void shouldRefuseToMeasureOnACalibrationTaskThatIsWrittenDifferently() throws Exception {
    // Given
    Path tasks = host.toRealPath().resolve("tasks");
    Files.writeString(
        tasks.resolve("calibration.jsonl"),
        "{\"prompt\": \"who is Ann\", \"answer\": \"a cook\"}\n"
            + "{\"prompt\": \"who is Bob\", \"answer\": \"a smith\"}\n");
    Files.writeString(
        tasks.resolve("canary.jsonl"),
        "{\"answer\": \"a  smith\", \"id\": 1, \"prompt\": \" who  is Bob \"}\n");

    // When / Then
    assertThatThrownBy(
            () -> measure(gate("router", 0.9, canary("canary.jsonl"), "calibration.jsonl")))
        .isInstanceOf(TaskRefusedException.class)
        .hasMessage(
            "Task file calibration.jsonl shares 1 tasks with canary canary; calibrate on and preserve"
                + " tasks that nothing is measured on");
  }

  @Test
  void shouldRefuseTaskFilesThatAreNoJsonInUtf8() throws Exception {
    // Given
    Path tasks = host.toRealPath().resolve("tasks");
    Files.writeString(tasks.resolve("list.jsonl"), "\n[1]\n");
    Files.write(tasks.resolve("latin.jsonl"), new byte[] {'"', (byte) 0xe9, '"', 10});

    // When / Then
    assertThatThrownBy(() -> measure(gate("router", 0.9, canary("router.jsonl"), "list.jsonl")))
        .isInstanceOf(TaskRefusedException.class)
        .hasMessage(
            "A task file cannot be read; write one JSON task per line: list.jsonl: line 2: no JSON"
                + " object")
        .extracting(e -> ((TaskRefusedException) e).reason())
        .isEqualTo(ReasonCode.INVALID_REQUEST);
    assertThatThrownBy(() -> measure(gate("router", 0.9, canary("latin.jsonl"), "router.jsonl")))
        .isInstanceOf(TaskRefusedException.class)
        .hasMessage(
            "A task file cannot be read; write one JSON task per line: latin.jsonl: not in UTF-8;"
                + " save it in UTF-8");
  }

  @Test
  void shouldRefuseTaskFilesOutsideTheTenantsRoots() {
    // When / Then
    assertThatThrownBy(() -> measure(gate("router", 0.9, canary("../router.jsonl"))))
        .isInstanceOf(LocationRefusedException.class);
    assertThatThrownBy(() -> measure(gate("router", 0.9, canary("base"))))
        .hasMessage("Task file base is no file of at most 256 MiB; name a JSONL file");
  }
}
