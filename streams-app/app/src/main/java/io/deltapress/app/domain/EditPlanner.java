package io.deltapress.app.domain;

import io.deltapress.app.domain.BatchState.Stage;
import io.deltapress.schemas.EditsRun;
import io.deltapress.schemas.ReasonCode;
import io.deltapress.schemas.TaskFailed;
import io.deltapress.schemas.TaskRefused;
import io.deltapress.schemas.WorkRecords;
import io.deltapress.schemas.WorkResult;
import java.time.Instant;
import java.util.Optional;

/**
 * Plans the edits of a model. Every method takes what is known and one fact and returns what
 * follows; nothing is remembered between calls.
 */
public final class EditPlanner {
  private final PlannerSettings settings;
  private final TaskCare care;
  private final RunWriter runs;
  private final EditGroups groups;
  private final Rebuilds rebuilds;
  private final Squashes squashes;
  private final EditQueue queue;

  EditPlanner(PlannerSettings settings) {
    Assembly assembly = new Assembly();
    Foundation foundation = new Foundation(assembly);
    this.settings = settings;
    this.care = new TaskCare(settings, new TaskWriter(settings));
    this.runs = new RunWriter(settings, foundation);
    this.groups = new EditGroups(foundation);
    this.rebuilds = new Rebuilds(foundation);
    this.squashes = new Squashes(foundation);
    this.queue = new EditQueue(settings, new Replays(assembly, rebuilds), rebuilds, squashes);
  }

  /** A valid edit arrived. */
  Decision accept(
      ModelState model,
      EditRequest request,
      Optional<GatePolicy> policy,
      EditFacts facts,
      Instant now) {
    ModelTurn turn = new ModelTurn(model, facts, now);
    EditIntake.accept(turn, request, EditRules.of(policy, settings.defaultEditor()));
    return turn.end();
  }

  /** A valid command arrived. */
  Decision accept(ModelState model, Command command, EditFacts facts, Instant now) {
    ModelTurn turn = new ModelTurn(model, facts, now);
    CommandIntake.accept(turn, command);
    return turn.end();
  }

  /** Begins what comes next; a decision that changes nothing says that its time has not come. */
  Decision advance(ModelState model, Optional<GatePolicy> policy, EditFacts facts, Instant now) {
    boolean hasNothing =
        !model.edits().isBusy()
            && (model.delta() == null || model.delta().phase() != Phase.ASSEMBLED);
    if (hasNothing) {
      return Decision.nothing(model);
    }
    ModelTurn turn = new ModelTurn(model, facts, now);
    return queue.advance(turn, policy) ? turn.end() : Decision.nothing(model);
  }

  /** Issues the task of the batch in work. */
  Decision issue(ModelState model, EditFacts facts, Instant now) {
    ModelTurn turn = new ModelTurn(model, facts, now);
    String taskId = TaskIds.run(RunWriter.requestOf(turn), turn.nextRun());
    TaskState task = TaskState.issued(TaskState.EDITS, settings, now);
    turn.become(turn.batch().waitingFor(taskId, task));
    Output output = runs.task(turn, taskId, task);
    turn.write(output.key(), output.value());
    return turn.end();
  }

  /** Whether an answer counts: the first to the task in flight does. */
  boolean awaits(ModelState model, WorkResult result) {
    BatchState batch = model.edits().batch();
    if (batch == null || batch.task() == null || !result.getTaskId().equals(batch.taskId())) {
      return false;
    }
    Object outcome = WorkRecords.outcomeOf(result);
    if (outcome instanceof TaskFailed) {
      return batch.task().standing() == TaskState.Standing.ISSUED
          && batch.task().attempt() == result.getAttempt();
    }
    return outcome instanceof EditsRun || outcome instanceof TaskRefused;
  }

  /** An answer that {@link #awaits} let through. */
  Decision answer(ModelState model, WorkResult result, EditFacts facts, Instant now) {
    ModelTurn turn = new ModelTurn(model, facts, now);
    Object outcome = WorkRecords.outcomeOf(result);
    if (outcome instanceof TaskFailed failure) {
      failed(turn, failure);
    } else if (outcome instanceof TaskRefused refused) {
      refused(turn, new Refusal(TaskCare.reason(refused.getReasonCode()), refused.getMessage()));
    } else {
      ran(turn, (EditsRun) outcome);
    }
    return turn.end();
  }

  private void ran(ModelTurn turn, EditsRun run) {
    BatchState batch = turn.batch();
    boolean isOfNewEdits = batch.stage() == Stage.COMPUTE && !batch.isRebuild();
    if (run.getFoundationDigest() == null && !isOfNewEdits) {
      // Edits that are live are not lost because a worker cannot run their model.
      refused(
          turn,
          new Refusal(
              ReasonCode.GATE_UNMEASURED,
              "the worker could not run the model: %s".formatted(run.getUnmeasurable())));
      return;
    }
    Optional<String> broken =
        RunFit.broken(
            batch,
            RunAsk.of(turn),
            run,
            turn.facts().version(turn.model().key(), batch.foundation()));
    if (broken.isPresent()) {
      failed(
          turn,
          new TaskFailed(
              ReasonCode.WORKER_ERROR.name(),
              "%s: see that all workers run one release".formatted(broken.get()),
              EditsRun.class.getName()));
      return;
    }
    switch (batch.stage()) {
      case COMPUTE -> {
        if (batch.isRebuild()) {
          rebuilds.computed(turn, run);
        } else {
          groups.computed(turn, run);
        }
      }
      case CHECK -> rebuilds.checked(turn, run);
      case MEASURE -> {
        if (batch.isRebuild()) {
          rebuilds.measured(turn, run);
        } else {
          groups.measured(turn, run);
        }
      }
      case FOLD -> squashes.folded(turn, run);
    }
  }

  private void failed(ModelTurn turn, TaskFailed failure) {
    BatchState batch = turn.batch();
    TaskState task = task(batch);
    Optional<Endings.Fault> fault = care.fault(task, failure);
    if (fault.isPresent()) {
      deadLetter(turn, fault.get());
    } else {
      turn.become(batch.waitingFor(String.valueOf(batch.taskId()), care.paused(task, turn.now())));
    }
  }

  /** Issues the task in flight again if it is overdue or has paused long enough. */
  Decision lookAfter(ModelState model, EditFacts facts, Instant now) {
    BatchState batch = model.edits().batch();
    if (batch == null || batch.task() == null || !batch.task().isDue(now)) {
      return Decision.nothing(model);
    }
    ModelTurn turn = new ModelTurn(model, facts, now);
    String taskId = String.valueOf(batch.taskId());
    if (care.isLastAttempt(batch.task())) {
      deadLetter(turn, care.unanswered(taskId, batch.task()));
      return turn.end();
    }
    TaskState again = care.reissued(batch.task(), now);
    turn.become(batch.waitingFor(taskId, again));
    Output output = runs.task(turn, taskId, again);
    turn.write(output.key(), output.value());
    return turn.end();
  }

  private void deadLetter(ModelTurn turn, Endings.Fault fault) {
    switch (turn.batch().kind()) {
      case EDITS -> EditGroups.deadLetter(turn, fault);
      case SQUASH -> Squashes.deadLetter(turn, fault);
      default -> rebuilds.deadLetter(turn, fault);
    }
  }

  private void refused(ModelTurn turn, Refusal refusal) {
    switch (turn.batch().kind()) {
      case EDITS -> EditGroups.refused(turn, refusal);
      case SQUASH -> Squashes.refused(turn, refusal);
      default -> rebuilds.refused(turn, refusal);
    }
  }

  private static TaskState task(BatchState batch) {
    TaskState task = batch.task();
    if (task == null) {
      throw new IllegalStateException("no task of the batch is in flight");
    }
    return task;
  }
}
