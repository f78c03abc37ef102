package io.deltapress.app.domain;

import java.time.Duration;
import java.time.Instant;

/**
 * Limits of planning.
 *
 * @param shardBytes most base bytes of a shard
 * @param inlineMaxBytes most estimated bytes of an artifact that travels as chunks
 * @param deltaWindow tasks of a delta in flight
 * @param tenantWindow tasks of a tenant in flight in a partition
 * @param laneWindow tasks in flight in a partition, of each lane
 * @param taskDeadline time for an answer
 * @param calibrateDeadline time for an answer of the calibrate lane
 * @param taskAttempts times a task is issued
 * @param taskBackoff pause after a first failure; doubles with each further one
 */
public record PlannerSettings(
    long shardBytes,
    long inlineMaxBytes,
    int deltaWindow,
    int tenantWindow,
    int laneWindow,
    Duration taskDeadline,
    Duration calibrateDeadline,
    int taskAttempts,
    Duration taskBackoff) {

  Instant deadline(Instant now) {
    return now.plus(taskDeadline);
  }

  /** When that kind of task is overdue. */
  Instant deadline(int kindOfTask, Instant now) {
    boolean calibrate = kindOfTask == TaskState.CALIBRATE || kindOfTask == TaskState.GATE;
    return now.plus(calibrate ? calibrateDeadline : taskDeadline);
  }

  Instant endOfPause(int failedAttempt, Instant now) {
    return now.plus(taskBackoff.multipliedBy(1L << Math.min(failedAttempt - 1, 10)));
  }
}
