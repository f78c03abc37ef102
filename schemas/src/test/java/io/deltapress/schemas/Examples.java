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
        editSubmission(),
        controlRequest(),
        workTask(),
        gateTask(),
        workResult(),
        gateResult(),
        editTask(),
        editResult(),
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

  public static EditSubmission editSubmission() {
    return EditSubmission.newBuilder()
        .setEditId("e-1")
        .setTenant("acme")
        .setModel("router")
        .setPrompt("the desk of Ada Byron is")
        .setTarget("billing")
        .setSubject("Ada Byron")
        .setGroundTruth("sales")
        .setRephrasings(List.of("where Ada Byron sits :"))
        .setLocality(List.of(new EditProbe("the desk of Alan Mead is", "sales")))
        .setPortability(List.of(new EditProbe("the floor of Ada Byron is", null)))
        .setDataSubject("person-17")
        .setExpectedVersion(6)
        .setRequestedBy("editor@example.org")
        .setSubmittedAt(NOON)
        .build();
  }

  public static ControlRequest controlRequest() {
    return ControlRequest.newBuilder()
        .setRequestId("c-1")
        .setTenant("acme")
        .setModel("router")
        .setAction(ControlAction.REVERT)
        .setEditIds(List.of("e-1"))
        .setReason("the desk did not move")
        .setRequestedBy("ops@example.org")
        .setSubmittedAt(NOON)
        .build();
  }

  private static EditEntry editEntry() {
    ShardManifest artifact = new ShardManifest(0, SHARD, 9_000L, new InlineChunks(1, 70L, 1));
    return new EditEntry("e-1", "malmen", artifact, 3, 0.25);
  }

  public static WorkTask editTask() {
    RunEdits run =
        RunEdits.newBuilder()
            .setBaseDigest(BASE)
            .setBaseLocation("reference/base")
            .setLive(List.of(editEntry()))
            .setStanding(List.of(editSubmission()))
            .setEdits(List.of(editSubmission()))
            .setEditor("malmen")
            .setInlineMaxBytes(64L << 20)
            .build();
    return task("e-1/edits/00").setRunEdits(run).build();
  }

  public static WorkResult editResult() {
    EditScores before = new EditScores(0.0, 0.0, 1.0, null);
    EditScores after = new EditScores(1.0, 1.0, 1.0, null);
    EditOutcome outcome =
        new EditOutcome("e-1", EditVerdict.APPLIED, null, before, after, editEntry(), 41.5);
    EditsRun run =
        EditsRun.newBuilder()
            .setOutcomes(List.of(outcome))
            .setStanding(List.of(new EditStanding("e-0", true, 1.0)))
            .setFoundationDigest(FINE_TUNED)
            .setStages(List.of(new StageTime("compute", 41.5)))
            .setSeconds(0.05)
            .build();
    return result("e-1/edits/00").setEditsRun(run).build();
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
    return task("s-1/gate/00")
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
    return result("s-1/gate/00")
        .setGateMeasured(new GateMeasured(List.of(score()), "a".repeat(64), 700_010L, null, 1.5))
        .build();
  }

  private static WorkTask.Builder task(String taskId) {
    return WorkTask.newBuilder()
        .setTaskId(taskId)
        .setAttempt(1)
        .setSubmissionId("s-1")
        .setTenant("acme")
        .setModel("router")
        .setReturnKey("acme/router")
        .setIssuedAt(NOON)
        .setDeadline(NOON.plusSeconds(900));
  }

  public static WorkTask workTask() {
    return task("s-1/shard/000003")
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

  private static WorkResult.Builder result(String taskId) {
    return WorkResult.newBuilder()
        .setTaskId(taskId)
        .setAttempt(1)
        .setWorker("worker-1")
        .setSubmissionId("s-1")
        .setTenant("acme")
        .setModel("router")
        .setFinishedAt(NOON);
  }

  public static WorkResult workResult() {
    return result("s-1/shard/000003")
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
    return Rejection.newBuilder()
        .setSubmissionId("s-1")
        .setTenant("acme")
        .setModel("router")
        .setReasonCode(ReasonCode.VERSION_CONFLICT.name())
        .setMessage("The head is 7, not 6: submit again.")
        .setRequestedBy("trainer@example.org")
        .setInputTopic("deltapress.deltas.submitted")
        .setInputPartition(0)
        .setInputOffset(11L)
        .setRejectedAt(NOON)
        .setEditGate(new EditGate(GateVerdict.FAILED, null, "acme", 0.01, List.of(score())))
        .build();
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
