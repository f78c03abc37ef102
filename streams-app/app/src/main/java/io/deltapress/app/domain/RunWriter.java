package io.deltapress.app.domain;

import io.deltapress.schemas.ModelVersion;
import io.deltapress.schemas.RunEdits;
import io.deltapress.schemas.WorkTask;
import java.util.List;

/** Words the tasks of the edit lane. */
final class RunWriter {
  private final PlannerSettings settings;
  private final Foundation foundation;

  RunWriter(PlannerSettings settings, Foundation foundation) {
    this.settings = settings;
    this.foundation = foundation;
  }

  /** The task that the batch in work describes. */
  Output task(ModelTurn turn, String taskId, TaskState task) {
    ModelState model = turn.model();
    return new Output(
        taskId,
        WorkTask.newBuilder()
            .setTaskId(taskId)
            .setAttempt(task.attempt())
            .setSubmissionId(requestOf(turn))
            .setTenant(model.tenant())
            .setModel(model.model())
            .setReturnKey(model.key())
            .setIssuedAt(turn.now())
            .setDeadline(task.dueAt())
            .setRunEdits(run(turn))
            .build());
  }

  /** The request that a batch is told under: a command, a delta, or the first of its edits. */
  static String requestOf(ModelTurn turn) {
    BatchState batch = turn.batch();
    if (batch.command() != null) {
      return batch.command().submissionId();
    }
    DeltaState delta = turn.model().delta();
    return batch.kind() == BatchState.Kind.REPLAY && delta != null
        ? delta.request().submissionId()
        : turn.of(batch.group().orders()).get(0).id();
  }

  private RunEdits run(ModelTurn turn) {
    BatchState batch = turn.batch();
    ModelVersion below = foundation.of(turn);
    RunAsk ask = RunAsk.of(turn);
    String editor = batch.rules().editor();
    return RunEdits.newBuilder()
        .setBaseDigest(below.getBaseDigest())
        .setBaseLocation(Foundation.base(turn, below.getBaseDigest()).location())
        .setDelta(below.getArtifact())
        .setLive(ask.live())
        .setStanding(ask.standing().stream().map(edit -> edit.request().toStanding()).toList())
        .setEdits(ask.edits().stream().map(edit -> edit.request().toRecord()).toList())
        .setEditor(editor == null ? "" : editor)
        .setPreservedLocation(batch.rules().preserved())
        .setCanaries(ask.measures() ? batch.rules().canaryRecords() : List.of())
        .setFold(batch.stage() == BatchState.Stage.FOLD)
        .setInlineMaxBytes(settings.inlineMaxBytes())
        .build();
  }
}
