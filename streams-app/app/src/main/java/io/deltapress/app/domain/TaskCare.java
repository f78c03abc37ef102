package io.deltapress.app.domain;

import io.deltapress.schemas.ReasonCode;
import io.deltapress.schemas.TaskFailed;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Looks after tasks that do not go well: issues them again, up to a number of attempts, and then
 * ends their submission as a dead letter.
 */
final class TaskCare {
  private final PlannerSettings settings;
  private final TaskWriter tasks;

  TaskCare(PlannerSettings settings, TaskWriter tasks) {
    this.settings = settings;
    this.tasks = tasks;
  }

  /** A worker failed. The task pauses, unless it is its last attempt or it is quarantined. */
  Decision failed(
      ModelState model, DeltaState delta, String taskId, TaskFailed failure, Instant now) {
    TaskState task = task(delta, taskId);
    Optional<Endings.Fault> fault = fault(task, failure);
    return fault.isPresent()
        ? Endings.deadLetter(model, delta, fault.get(), now)
        : Decision.nothing(model.with(delta.waitingFor(taskId, paused(task, now))));
  }

  /** What ends the request of a task after that failure; empty if the task is tried again. */
  Optional<Endings.Fault> fault(TaskState task, TaskFailed failure) {
    ReasonCode reason = reason(failure.getReasonCode());
    boolean quarantined = reason == ReasonCode.TASK_QUARANTINED;
    return quarantined || isLastAttempt(task)
        ? Optional.of(
            new Endings.Fault(
                reason, failure.getMessage(), failure.getErrorClass(), task.attempt()))
        : Optional.empty();
  }

  /** The task after a failure that does not end its request. */
  TaskState paused(TaskState task, Instant now) {
    return task.paused(settings.endOfPause(task.attempt(), now));
  }

  /** Issues again what is overdue or has paused long enough. */
  Decision lookAfter(ModelState model, DeltaState before, Answers answers, Instant now) {
    DeltaState delta = before;
    List<Output> outputs = new ArrayList<>();
    for (Map.Entry<String, TaskState> entry : before.tasks().entrySet()) {
      TaskState task = entry.getValue();
      if (!task.isDue(now)) {
        continue;
      }
      if (isLastAttempt(task)) {
        return Endings.deadLetter(model, before, unanswered(entry.getKey(), task), now);
      }
      TaskState again = reissued(task, now);
      delta = delta.waitingFor(entry.getKey(), again);
      outputs.add(tasks.task(delta, entry.getKey(), again, answers, now));
    }
    return new Decision(model.with(delta), outputs, List.of());
  }

  boolean isLastAttempt(TaskState task) {
    return task.attempt() >= settings.taskAttempts();
  }

  TaskState reissued(TaskState task, Instant now) {
    return task.reissued(settings.deadline(task.lane(), now));
  }

  /** What ends the request of a task that nobody answered in its last attempt. */
  Endings.Fault unanswered(String taskId, TaskState task) {
    Lane lane = task.lane();
    String message =
        "task %s was issued %d times and not answered within %d ms: see that workers%s run"
            .formatted(
                taskId,
                task.attempt(),
                settings.patience(lane).toMillis(),
                lane == Lane.COMPRESS ? "" : " of the " + lane.text() + " lane");
    return new Endings.Fault(ReasonCode.TASK_DEADLINE_EXCEEDED, message, null, task.attempt());
  }

  private static TaskState task(DeltaState delta, String taskId) {
    TaskState task = delta.tasks().get(taskId);
    if (task == null) {
      throw new IllegalArgumentException("task " + taskId + " is not in flight");
    }
    return task;
  }

  /** A code that only a newer worker knows is still a failure of ours to name. */
  static ReasonCode reason(String code) {
    return ReasonCode.of(code).orElse(ReasonCode.WORKER_ERROR);
  }
}
