package io.deltapress.app.worker;

import io.deltapress.schemas.WorkRecords;
import io.deltapress.schemas.WorkTask;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs a task and turns however it ends into an outcome. */
final class TaskRunner {
  private static final Logger LOGGER = LoggerFactory.getLogger(TaskRunner.class);

  private final Sources sources;
  private final TaskHandler handlers;

  TaskRunner(Sources sources, TaskHandler handlers) {
    this.sources = sources;
    this.handlers = handlers;
  }

  /**
   * @return a record for the union of the result
   * @throws InterruptedException if the task was abandoned: then nobody wants an outcome
   */
  Object run(WorkTask task) throws InterruptedException {
    try (TaskSources taskSources = new TaskSources(sources, task.getTenant(), task.getModel())) {
      // A future keeps whatever the handler throws, so that an error of the virtual machine, memory
      // running out for one, is answered as well and not met by worker after worker.
      FutureTask<Object> attempt =
          new FutureTask<>(
              () ->
                  handlers.handle(
                      WorkRecords.workOf(task), taskSources, new InterruptibleProgress()));
      attempt.run();
      return outcomeOf(task, attempt, taskSources);
    }
  }

  private static Object outcomeOf(
      WorkTask task, FutureTask<Object> attempt, TaskSources taskSources)
      throws InterruptedException {
    try {
      return attempt.get();
    } catch (ExecutionException e) {
      Throwable cause = e.getCause();
      boolean abandoned =
          cause instanceof InterruptedException || cause instanceof CancellationException;
      if (abandoned || Thread.currentThread().isInterrupted()) {
        throw new InterruptedException("Task " + task.getTaskId() + " was abandoned");
      }
      Object outcome = Outcomes.of(cause, taskSources);
      LOGGER.info("Task {} ends as {}", task.getTaskId(), outcome, cause);
      return outcome;
    }
  }
}
