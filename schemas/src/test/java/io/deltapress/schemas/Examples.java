package io.deltapress.schemas;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import org.apache.avro.specific.SpecificRecord;

/** One example of every record that is a topic's value. */
public final class Examples {
  private static final Instant NOON = Instant.parse("2026-11-23T12:00:00.123Z");
  private static final String BASE = "b".repeat(64);
  private static final String FINE_TUNED = "f".repeat(64);
  private static final String SHARD = "5".repeat(64);

  private Examples() {}

  public static List<SpecificRecord> all() {
    return List.of(
        baseRegistration(),
        policy(),
        deltaSubmission(),
        workTask(),
        gateTask(),
        workResult(),
        gateResult(),
        modelVersion(),
        modelHead(),
        chunk(),
        followerStatus(),
        registryEvent(),
        rejection(),
        deadLetter());
  }

  public static BaseRegistration baseRegistration() {
    return BaseRegistration.newBuilder()
        .setWeightsDigest(BASE)
        .setName("world-base")
        .setLocation("reference/base")
        .setStatus(BaseStatus.USABLE)
        .setTensorCount(38)
        .setParameterCount(3_000_000)
        .setTotalBytes(6_000_000)
        .setRegisteredBy("ops@example.org")
        .setRegisteredAt(NOON)
        .setCheckedBy("worker-1")
        .setCheckedAt(NOON.plusSeconds(1))
        .build();
  }

  public static DeltaSubmission deltaSubmission() {
    return DeltaSubmission.newBuilder()
        .setSubmissionId("s-1")
        .setTenant("acme")
        .setModel("router")
        .setBaseDigest(BASE)
        .setFineTunedLocation("runs/42")
        .setFineTunedDigest(FINE_TUNED)
        .setMethod(CompressionMethod.DAREX_Q)
        .setPruneRate(0.99)
        .setRescale(0.05)
        .setValues(ValueCode.EXACT)
        .setSeed(-7L)
        .setInclude(List.of("model.layers.*"))
        .setExclude(List.of("lm_head.weight"))
        .setExpectedVersion(6)
        .setRequestedBy("trainer@example.org")
        .setSubmittedAt(NOON)
        .build();
  }

  private static CompressionSettings compression() {
    return new CompressionSettings(
        CompressionMethod.DAREX_Q,
        0.99,
        0.05,
        -7L,
        ValueCode.EXACT,
        List.of(),
        List.of(),
        List.of(new TensorRescale("lm_head.weight", 0.04)));
  }

  private static Canary canary() {
    return new Canary("tickets", "tasks/router.jsonl", "e".repeat(64), CanaryMetric.EXACT_MATCH);
  }

  private static CanaryScore score() {
    return new CanaryScore("tickets", CanaryMetric.EXACT_MATCH, 0.99, 0.97, null, 300);
  }

  private static GateRung rung() {
    return new GateRung(
        CompressionMethod.DAREX_Q,
        0.99,
        0.05,
        "q 0.05 of 12 tried",
        GateVerdict.FAILED,
        "tickets dropped by 2 points",
        List.of(score()));
  }

  public static Policy policy() {
    return Policy.newBuilder()
        .setScope("acme/router")
        .setMethod(CompressionMethod.DAREX_Q)
        .setPruneRates(List.of(0.99, 0.9, 0.0))
        .setValues(ValueCode.INT8)
        .setRescale(RescaleStrategy.OUTPUT_CHANGE)
        .setCalibrationLocation("tasks/calibration.jsonl")
        .setCanaries(List.of(canary()))
        .setLargestDrop(0.01)
        .setWhenUnmeasured(WhenUnmeasured.REJECT)
        .setAuthor("ops@example.org")
        .setUpdatedAt(NOON)
        .build();
  }

  public static WorkTask gateTask() {
    return WorkTask.newBuilder(workTask())
        .setTaskId("s-1/gate/00")
        .setWork(null)
        .setMeasureGate(
            new MeasureGate(
                BASE,
                "reference/base",
                "runs/42",
                compression(),
                1L << 28,
                List.of(canary()),
                null))
        .build();
  }

  public static WorkResult gateResult() {
    return WorkResult.newBuilder(workResult())
        .setTaskId("s-1/gate/00")
        .setOutcome(null)
        .setGateMeasured(new GateMeasured(List.of(score()), "a".repeat(64), 700_010L, null, 1.5))
        .build();
  }

  public static WorkTask workTask() {
    return WorkTask.newBuilder()
        .setTaskId("s-1/shard/000003")
        .setAttempt(1)
        .setSubmissionId("s-1")
        .setTenant("acme")
        .setModel("router")
        .setReturnKey("acme/router")
        .setIssuedAt(NOON)
        .setDeadline(NOON.plusSeconds(900))
        .setWork(
            new PruneShard(
                BASE,
                "reference/base",
                "runs/42",
                compression(),
                3,
                4,
                List.of("lm_head.weight"),
                Delivery.INLINE))
        .build();
  }

  private static ShardManifest manifest() {
    return new ShardManifest(3, SHARD, 700_001L, new InlineChunks(2, 12L, 2));
  }

  private static DeltaStatistics statistics() {
    return new DeltaStatistics(1_000L, 1e-6, 2e-4, 1e-7, 0.01, 10L);
  }

  public static WorkResult workResult() {
    return WorkResult.newBuilder()
        .setTaskId("s-1/shard/000003")
        .setAttempt(1)
        .setWorker("worker-1")
        .setSubmissionId("s-1")
        .setTenant("acme")
        .setModel("router")
        .setFinishedAt(NOON)
        .setOutcome(
            new ShardPruned(
                manifest(),
                List.of(new TensorChecksum("lm_head.weight", "BF16", List.of(2L, 3L), FINE_TUNED)),
                statistics(),
                0.25))
        .build();
  }

  public static ModelVersion modelVersion() {
    return ModelVersion.newBuilder()
        .setTenant("acme")
        .setModel("router")
        .setVersion(7)
        .setState(VersionState.REVOKED)
        .setSubmissionId("s-1")
        .setBaseDigest(BASE)
        .setBaseName("world-base")
        .setArtifact(
            new ArtifactManifest(
                "a".repeat(64),
                1,
                CompressionMethod.DAREX_Q,
                0.99,
                0.05,
                -7L,
                ValueCode.EXACT,
                List.of(manifest(), new ShardManifest(1, SHARD, 9L, new StoredObject("fs", "k"))),
                700_010L,
                6_000_000L,
                3_000_000L,
                FINE_TUNED))
        .setStatistics(statistics())
        .setRequestedBy("trainer@example.org")
        .setSubmittedAt(NOON)
        .setPublishedAt(NOON.plusSeconds(9))
        .setGate(new GateReport(GateVerdict.FAILED, null, "acme/router", 0.01, List.of(rung())))
        .setRevocation(new Revocation("leaks a name", "ops@example.org", NOON.plusSeconds(99)))
        .build();
  }

  public static ModelHead modelHead() {
    return new ModelHead("acme", "router", 7, 6, BASE, NOON, "trainer@example.org", "published");
  }

  public static Chunk chunk() {
    return new Chunk(SHARD, 1, 2, ByteBuffer.wrap(new byte[] {0, -1, 127}));
  }

  public static FollowerStatus followerStatus() {
    return new FollowerStatus(
        "host-1", "acme", "router", 6, 7, FollowerState.FAILED, "chunk 1 is corrupt", NOON);
  }

  public static RegistryEvent registryEvent() {
    return RegistryEvent.newBuilder()
        .setEventId("s-1/delta.shard-pruned/3")
        .setType(EventTypes.DELTA_SHARD_PRUNED)
        .setSource("/deltapress/planner")
        .setTime(NOON)
        .setTenant("acme")
        .setModel("router")
        .setSubmissionId("s-1")
        .setMessage("Shard 3 of 4 is pruned.")
        .setProgress(new Progress(3, 4))
        .setRung(rung())
        .build();
  }

  public static Rejection rejection() {
    return new Rejection(
        "s-1",
        "acme",
        "router",
        ReasonCode.VERSION_CONFLICT.name(),
        "The head is 7, not 6: submit again.",
        "trainer@example.org",
        "deltapress.deltas.submitted",
        0,
        11L,
        NOON);
  }

  public static DeadLetter deadLetter() {
    return DeadLetter.newBuilder()
        .setInputTopic("deltapress.deltas.submitted")
        .setInputPartition(0)
        .setInputOffset(12)
        .setRecordSha256("c".repeat(64))
        .setReasonCode(ReasonCode.UNDECODABLE_RECORD.name())
        .setMessage("The record is no DeltaSubmission.")
        .setAttempts(1)
        .setDeadLetteredAt(NOON)
        .build();
  }
}
