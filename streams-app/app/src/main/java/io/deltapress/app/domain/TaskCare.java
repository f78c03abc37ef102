package io.deltapress.app.domain;

import io.deltapress.schemas.ReasonCode;
import io.deltapress.schemas.TaskFailed;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

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
    ReasonCode reason = reason(failure.getReasonCode());
    boolean quarantined = reason == ReasonCode.TASK_QUARANTINED;
    if (quarantined || task.attempt() >= settings.taskAttempts()) {
      Endings.Fault fault =
          new Endings.Fault(reason, failure.getMessage(), failure.getErrorClass(), task.attempt());
      return Endings.deadLetter(model, delta, fault, now);
    }
    TaskState paused = task.paused(settings.endOfPause(task.attempt(), now));
    return Decision.nothing(model.with(delta.waitingFor(taskId, paused)));
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
      if (task.attempt() >= settings.taskAttempts()) {
        return Endings.deadLetter(model, before, unanswered(entry.getKey(), task), now);
      }
      TaskState again = task.reissued(settings.deadline(task.shard(), now));
      delta = delta.waitingFor(entry.getKey(), again);
      outputs.add(tasks.task(delta, entry.getKey(), again, answers, now));
    }
    return new Decision(model.with(delta), outputs, List.of());
  }

  private Endings.Fault unanswered(String taskId, TaskState task) {
    boolean calibrate = task.isOfCalibrateLane();
    String message =
        "task %s was issued %d times and not answered within %d ms: see that workers%s run"
            .formatted(
                taskId,
                task.attempt(),
                (calibrate ? settings.calibrateDeadline() : settings.taskDeadline()).toMillis(),
                calibrate ? " of the calibrate lane" : "");
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
