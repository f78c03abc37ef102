package io.deltapress.app.domain;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

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
 * @param editDeadline time for an answer of the edit lane
 * @param defaultEditor who computes edits where no policy says; null refuses them there
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
    Duration editDeadline,
    @Nullable String defaultEditor,
    int taskAttempts,
    Duration taskBackoff) {

  /** When a task of that lane is overdue. */
  Instant deadline(Lane lane, Instant now) {
    return now.plus(patience(lane));
  }

  /** How long a task of that lane may go unanswered. */
  Duration patience(Lane lane) {
    return switch (lane) {
      case COMPRESS -> taskDeadline;
      case CALIBRATE -> calibrateDeadline;
      case EDIT -> editDeadline;
    };
  }

  Instant endOfPause(int failedAttempt, Instant now) {
    return now.plus(taskBackoff.multipliedBy(1L << Math.min(failedAttempt - 1, 10)));
  }
}
