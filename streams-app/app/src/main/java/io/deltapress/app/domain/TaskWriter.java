package io.deltapress.app.domain;

import io.deltapress.schemas.BaseCheck;
import io.deltapress.schemas.Calibrate;
import io.deltapress.schemas.CompressionSettings;
import io.deltapress.schemas.MeasureGate;
import io.deltapress.schemas.PruneShard;
import io.deltapress.schemas.Survey;
import io.deltapress.schemas.TensorRescale;
import io.deltapress.schemas.WorkRecords;
import io.deltapress.schemas.WorkTask;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/** Words work for workers. */
final class TaskWriter {
  private final PlannerSettings settings;

  TaskWriter(PlannerSettings settings) {
    this.settings = settings;
  }

  /** The task of a delta that its state describes. */
  Output task(DeltaState delta, String taskId, TaskState task, Answers answers, Instant now) {
    Object work =
        switch (task.shard()) {
          case TaskState.SURVEY -> survey(delta);
          case TaskState.CALIBRATE -> calibrate(delta);
          case TaskState.GATE -> measureGate(delta, answers);
          default -> pruneShard(delta, task.shard(), answers);
        };
    DeltaRequest request = delta.request();
    WorkTask.Builder wanted =
        WorkTask.newBuilder()
            .setTaskId(taskId)
            .setAttempt(task.attempt())
            .setSubmissionId(request.submissionId())
            .setTenant(request.tenant())
            .setModel(request.model())
            .setReturnKey(request.modelKey())
            .setIssuedAt(now)
            .setDeadline(task.dueAt());
    return new Output(taskId, WorkRecords.put(wanted, work).build());
  }

  /** The check of a base; it belongs to nobody's submission. */
  Output baseCheck(String weightsDigest, String location, TaskState task, Instant now) {
    String taskId = TaskIds.baseCheck(weightsDigest, location);
    return new Output(
        taskId,
        WorkTask.newBuilder()
            .setTaskId(taskId)
            .setAttempt(task.attempt())
            .setSubmissionId("")
            .setTenant("")
            .setModel("")
            .setReturnKey(weightsDigest)
            .setIssuedAt(now)
            .setDeadline(task.dueAt())
            .setWork(
                BaseCheck.newBuilder()
                    .setWeightsDigest(weightsDigest)
                    .setLocation(location)
                    .build())
            .build());
  }

  private Survey survey(DeltaState delta) {
    return Survey.newBuilder()
        .setBaseDigest(delta.knownBase().digest())
        .setBaseLocation(delta.knownBase().location())
        .setFineTunedLocation(delta.request().fineTunedLocation())
        .setCompression(compression(delta, List.of()))
        .setShardBytes(delta.shardBytes(settings.shardBytes()))
        .build();
  }

  private PruneShard pruneShard(DeltaState delta, int shard, Answers answers) {
    List<String> tensors = answers.survey(delta.request()).getShards().get(shard).getTensors();
    return PruneShard.newBuilder()
        .setBaseDigest(delta.knownBase().digest())
        .setBaseLocation(delta.knownBase().location())
        .setFineTunedLocation(delta.request().fineTunedLocation())
        .setCompression(compression(delta, ownFactors(delta, answers, tensors)))
        .setShard(shard)
        .setShards(delta.findings().shards())
        .setTensors(tensors)
        .setDelivery(delta.findings().delivery())
        .build();
  }

  private static Calibrate calibrate(DeltaState delta) {
    GatePolicy policy = policy(delta);
    return Calibrate.newBuilder()
        .setBaseDigest(delta.knownBase().digest())
        .setBaseLocation(delta.knownBase().location())
        .setFineTunedLocation(delta.request().fineTunedLocation())
        .setCompression(compression(delta, List.of()))
        .setStrategy(delta.gate().rung().strategy())
        .setCalibrationLocation(policy.calibrationLocation())
        .setCanaries(policy.canaryRecords())
        .build();
  }

  private MeasureGate measureGate(DeltaState delta, Answers answers) {
    GatePolicy policy = policy(delta);
    return MeasureGate.newBuilder()
        .setBaseDigest(delta.knownBase().digest())
        .setBaseLocation(delta.knownBase().location())
        .setFineTunedLocation(delta.request().fineTunedLocation())
        .setCompression(compression(delta, ownFactors(delta, answers)))
        .setShardBytes(delta.shardBytes(settings.shardBytes()))
        .setCanaries(policy.canaryRecords())
        .setCalibrationLocation(policy.calibrationLocation())
        .build();
  }

  private static GatePolicy policy(DeltaState delta) {
    GatePolicy policy = delta.gate().policy();
    if (policy == null) {
      throw new IllegalStateException("no policy covers " + delta.request().modelKey());
    }
    return policy;
  }

  /** The factors of single tensors that the fit of the rung in force found. */
  private static List<TensorRescale> ownFactors(DeltaState delta, Answers answers) {
    GateState gate = delta.gate();
    return gate.fit() == null
        ? List.of()
        : answers.calibrated(delta.request(), gate.current()).getRescalePerTensor();
  }

  /** Those of one shard, so that a task does not grow with the model. */
  private static List<TensorRescale> ownFactors(
      DeltaState delta, Answers answers, List<String> tensors) {
    Set<String> ofShard = Set.copyOf(tensors);
    return ownFactors(delta, answers).stream()
        .filter(own -> ofShard.contains(own.getTensor()))
        .toList();
  }

  private static CompressionSettings compression(DeltaState delta, List<TensorRescale> ownFactors) {
    DeltaRequest request = delta.request();
    Rung rung = delta.gate().rung();
    return CompressionSettings.newBuilder()
        .setMethod(rung.method())
        .setPruneRate(rung.pruneRate())
        .setRescale(rung.rescale())
        .setSeed(request.seed())
        .setValues(rung.values())
        .setInclude(request.include())
        .setExclude(request.exclude())
        .setRescalePerTensor(ownFactors)
        .build();
  }
}
