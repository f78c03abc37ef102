package io.deltapress.app.domain;

import io.deltapress.format.artifact.ArtifactDigest;
import io.deltapress.format.tensor.DType;
import io.deltapress.format.tensor.Shape;
import io.deltapress.format.tensor.TensorDigest;
import io.deltapress.format.tensor.TensorInfo;
import io.deltapress.format.tensor.WeightsDigest;
import io.deltapress.schemas.Calibrated;
import io.deltapress.schemas.Canary;
import io.deltapress.schemas.CanaryMetric;
import io.deltapress.schemas.CanaryScore;
import io.deltapress.schemas.CompressionMethod;
import io.deltapress.schemas.DeltaStatistics;
import io.deltapress.schemas.DeltaSubmission;
import io.deltapress.schemas.GateMeasured;
import io.deltapress.schemas.Policy;
import io.deltapress.schemas.RescaleStrategy;
import io.deltapress.schemas.ShardManifest;
import io.deltapress.schemas.ShardPruned;
import io.deltapress.schemas.StoredObject;
import io.deltapress.schemas.Surveyed;
import io.deltapress.schemas.SurveyedShard;
import io.deltapress.schemas.TaskFailed;
import io.deltapress.schemas.TaskRefused;
import io.deltapress.schemas.TensorChecksum;
import io.deltapress.schemas.TensorRescale;
import io.deltapress.schemas.ValueCode;
import io.deltapress.schemas.WhenUnmeasured;
import io.deltapress.schemas.WorkRecords;
import io.deltapress.schemas.WorkResult;
import io.deltapress.schemas.WorkTask;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** A small world: weights of a few tensors, submissions of them, and what workers answer. */
public final class Examples {
  public static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
  public static final String BASE_DIGEST = "b".repeat(64);
  public static final RequestSource SOURCE =
      new RequestSource("deltapress.deltas.submitted", 2, 41);
  public static final BaseFact USABLE_BASE =
      new BaseFact(BASE_DIGEST, "world-base", "world/base", null);

  private Examples() {}

  /** Windows of 2, 3 and 4, three attempts of ten seconds. */
  public static PlannerSettings settings() {
    return new PlannerSettings(
        1 << 20,
        1 << 16,
        2,
        3,
        4,
        Duration.ofSeconds(10),
        Duration.ofSeconds(60),
        Duration.ofSeconds(30),
        null,
        3,
        Duration.ofSeconds(1));
  }

  public static DeltaSubmission.Builder submission(String id, int shards) {
    return DeltaSubmission.newBuilder()
        .setSubmissionId(id)
        .setTenant("acme")
        .setModel("router")
        .setBaseDigest(BASE_DIGEST)
        .setFineTunedLocation("acme/router")
        .setFineTunedDigest(fineTunedDigest(shards).hex())
        .setMethod(CompressionMethod.DARE)
        .setPruneRate(0.99)
        .setValues(ValueCode.EXACT)
        .setInclude(List.of())
        .setExclude(List.of())
        .setRequestedBy("ada")
        .setSubmittedAt(NOON);
  }

  /** Weights with one tensor per shard. */
  public static WeightsDigest fineTunedDigest(int shards) {
    return WeightsDigest.of(
        IntStream.range(0, shards)
            .mapToObj(
                index ->
                    new TensorDigest(
                        new TensorInfo(tensor(index), DType.BF16, Shape.of(2, 3)), sha256(index)))
            .toList());
  }

  private static String tensor(int index) {
    return "layers." + index + ".weight";
  }

  private static String sha256(int index) {
    return Checksums.sha256("tensor " + index);
  }

  /** What a worker answers to a survey of weights with that many shards. */
  public static WorkResult surveyed(WorkTask task, int shards) {
    List<SurveyedShard> plan = new ArrayList<>();
    for (int index = 0; index < shards; index++) {
      plan.add(
          SurveyedShard.newBuilder()
              .setTensors(List.of(tensor(index)))
              .setBaseBytes(12)
              .setParameters(6)
              .setEstimatedArtifactBytes(100)
              .build());
    }
    return result(task, Surveyed.newBuilder().setShards(plan).setDenseBytes(12L * shards).build());
  }

  /** What a worker answers when it pruned a shard. */
  public static WorkResult pruned(WorkTask task, int shard) {
    return result(
        task,
        ShardPruned.newBuilder()
            .setManifest(
                ShardManifest.newBuilder()
                    .setIndex(shard)
                    .setSha256(Checksums.sha256("shard " + shard))
                    .setLength(100)
                    .setLocation(
                        StoredObject.newBuilder().setStore("files").setKey("k" + shard).build())
                    .build())
            .setChecksums(
                List.of(
                    TensorChecksum.newBuilder()
                        .setName(tensor(shard))
                        .setDtype("BF16")
                        .setShape(List.of(2L, 3L))
                        .setSha256(sha256(shard))
                        .build()))
            .setStatistics(
                DeltaStatistics.newBuilder()
                    .setCount(6)
                    .setMean(0)
                    .setMeanAbsolute(0.5)
                    .setVariance(1)
                    .setMaxAbsolute(2)
                    .setUnchanged(1)
                    .build())
            .setSeconds(0.1)
            .build());
  }

  public static WorkResult refused(WorkTask task, String reasonCode, String message) {
    return result(
        task, TaskRefused.newBuilder().setReasonCode(reasonCode).setMessage(message).build());
  }

  public static WorkResult failed(WorkTask task, String reasonCode) {
    return result(
        task,
        TaskFailed.newBuilder()
            .setReasonCode(reasonCode)
            .setMessage("the disk is full")
            .setErrorClass("java.io.IOException")
            .build());
  }

  public static WorkResult result(WorkTask task, Object outcome) {
    WorkResult.Builder answered =
        WorkResult.newBuilder()
            .setTaskId(task.getTaskId())
            .setAttempt(task.getAttempt())
            .setWorker("worker-1")
            .setSubmissionId(task.getSubmissionId())
            .setTenant(task.getTenant())
            .setModel(task.getModel())
            .setFinishedAt(NOON);
    return WorkRecords.put(answered, outcome).build();
  }

  /** Two rungs and the whole delta; one canary, one point may be lost; q stays the method's own. */
  public static Policy.Builder policy(String scope) {
    return Policy.newBuilder()
        .setScope(scope)
        .setMethod(CompressionMethod.DARE)
        .setPruneRates(List.of(0.99, 0.9, 0.0))
        .setValues(ValueCode.EXACT)
        .setRescale(RescaleStrategy.GIVEN)
        .setCanaries(
            List.of(
                Canary.newBuilder()
                    .setName("tickets")
                    .setTaskLocation("tasks/tickets.jsonl")
                    .setMetric(CanaryMetric.EXACT_MATCH)
                    .build()))
        .setLargestDrop(0.01)
        .setWhenUnmeasured(WhenUnmeasured.REJECT)
        .setAuthor("ada")
        .setUpdatedAt(NOON);
  }

  /** The same with q fitted for each rung. */
  public static Policy.Builder fittingPolicy(String scope) {
    return policy(scope)
        .setMethod(CompressionMethod.DAREX_Q)
        .setRescale(RescaleStrategy.OUTPUT_CHANGE)
        .setCalibrationLocation("tasks/calibration.jsonl");
  }

  /** What a worker answers when it fitted q. */
  public static WorkResult calibrated(WorkTask task, double rescale) {
    return result(
        task,
        Calibrated.newBuilder()
            .setRescale(rescale)
            .setRescalePerTensor(
                List.of(TensorRescale.newBuilder().setTensor(tensor(0)).setRescale(0.5).build()))
            .setParameter(rescale)
            .setObjective(0.25)
            .setEvaluations(7)
            .setSeconds(1)
            .setText("q %s after 7 evaluations".formatted(rescale))
            .build());
  }

  /** What a worker answers when it measured a delta of that many shards with that score of 1. */
  public static WorkResult measured(WorkTask task, int shards, double score) {
    return result(task, gateMeasured(shards, score).build());
  }

  /** The outcome of {@link #measured}. */
  public static GateMeasured.Builder gateMeasured(int shards, double score) {
    return GateMeasured.newBuilder()
        .setCanaries(
            List.of(
                CanaryScore.newBuilder()
                    .setName("tickets")
                    .setMetric(CanaryMetric.EXACT_MATCH)
                    .setReferenceScore(1)
                    .setPrunedScore(score)
                    .setBaseScore(0.1)
                    .setExamples(300)
                    .build()))
        .setArtifactDigest(artifactDigest(shards))
        .setArtifactBytes(100L * shards)
        .setSeconds(2);
  }

  /** The artifact that {@link #pruned} shards make. */
  public static String artifactDigest(int shards) {
    return ArtifactDigest.of(
            IntStream.range(0, shards)
                .mapToObj(shard -> Checksums.sha256("shard " + shard))
                .toList())
        .hex();
  }

  /** What a worker answers when it cannot run the model. */
  public static WorkResult unmeasurable(WorkTask task) {
    return result(
        task,
        GateMeasured.newBuilder()
            .setCanaries(List.of())
            .setArtifactBytes(0)
            .setUnmeasurable("the architecture mamba is none this worker can run")
            .setSeconds(0)
            .build());
  }
}
