package io.deltapress.app.domain;

import java.time.Instant;

/**
 * A task that was issued and not answered.
 *
 * @param shard index of its shard; {@link #SURVEY}, {@link #CALIBRATE}, {@link #GATE} or {@link
 *     #EDITS} for others
 * @param attempt 1 for the first time it was issued
 * @param standing who is waited for
 * @param dueAt when it is issued again: its deadline, or the end of its pause
 */
public record TaskState(int shard, int attempt, Standing standing, Instant dueAt) {
  /** Stands where a shard's index would be. */
  public static final int SURVEY = -1;

  /** Stands where a shard's index would be. */
  public static final int CALIBRATE = -2;

  /** Stands where a shard's index would be. */
  public static final int GATE = -3;

  /** Stands where a shard's index would be. */
  public static final int EDITS = -4;

  /** Who is waited for. */
  public enum Standing {
    /** A worker. */
    ISSUED,
    /** The end of the pause after a failure. */
    PAUSED
  }

  /** Whose workers do it. */
  Lane lane() {
    return switch (shard) {
      case CALIBRATE, GATE -> Lane.CALIBRATE;
      case EDITS -> Lane.EDIT;
      default -> Lane.COMPRESS;
    };
  }

  /** A task that is issued for the first time. */
  static TaskState issued(int kind, PlannerSettings settings, Instant now) {
    TaskState task = new TaskState(kind, 1, Standing.ISSUED, now);
    return new TaskState(kind, 1, Standing.ISSUED, settings.deadline(task.lane(), now));
  }

  /** The same task, issued once more. */
  TaskState reissued(Instant deadline) {
    return new TaskState(shard, attempt + 1, Standing.ISSUED, deadline);
  }

  /** The same task after its attempt failed. */
  TaskState paused(Instant until) {
    return new TaskState(shard, attempt, Standing.PAUSED, until);
  }

  /** Whether it must be issued again. */
  boolean isDue(Instant now) {
    return !dueAt.isAfter(now);
  }
}
