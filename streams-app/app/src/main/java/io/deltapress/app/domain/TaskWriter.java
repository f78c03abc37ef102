package io.deltapress.app.domain;

import io.deltapress.schemas.BaseCheck;
import io.deltapress.schemas.CompressionSettings;
import io.deltapress.schemas.PruneShard;
import io.deltapress.schemas.Survey;
import io.deltapress.schemas.WorkTask;
import java.time.Instant;
import java.util.List;

/** Words work for workers. */
final class TaskWriter {
  private final PlannerSettings settings;

  TaskWriter(PlannerSettings settings) {
    this.settings = settings;
  }

  /** The task of a delta that its state describes. */
  Output task(DeltaState delta, String taskId, TaskState task, Answers answers, Instant now) {
    Object work =
        task.shard() == TaskState.SURVEY ? survey(delta) : pruneShard(delta, task.shard(), answers);
    DeltaRequest request = delta.request();
    return new Output(
        taskId,
        WorkTask.newBuilder()
            .setTaskId(taskId)
            .setAttempt(task.attempt())
            .setSubmissionId(request.submissionId())
            .setTenant(request.tenant())
            .setModel(request.model())
            .setReturnKey(request.modelKey())
            .setIssuedAt(now)
            .setDeadline(task.dueAt())
            .setWork(work)
            .build());
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
        .setCompression(compression(delta.request()))
        .setShardBytes(settings.shardBytes())
        .build();
  }

  private PruneShard pruneShard(DeltaState delta, int shard, Answers answers) {
    List<String> tensors = answers.survey(delta.request()).getShards().get(shard).getTensors();
    return PruneShard.newBuilder()
        .setBaseDigest(delta.knownBase().digest())
        .setBaseLocation(delta.knownBase().location())
        .setFineTunedLocation(delta.request().fineTunedLocation())
        .setCompression(compression(delta.request()))
        .setShard(shard)
        .setShards(delta.findings().shards())
        .setTensors(tensors)
        .setDelivery(delta.findings().delivery())
        .build();
  }

  private static CompressionSettings compression(DeltaRequest request) {
    return CompressionSettings.newBuilder()
        .setMethod(request.method())
        .setPruneRate(request.pruneRate())
        .setRescale(request.rescale())
        .setSeed(request.seed())
        .setValues(request.values())
        .setInclude(request.include())
        .setExclude(request.exclude())
        .build();
  }
}
