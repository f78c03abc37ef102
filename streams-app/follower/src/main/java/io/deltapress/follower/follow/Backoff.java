package io.deltapress.follower.follow;

import java.time.Duration;

/**
 * Pauses between attempts: each twice as long as the one before, up to a limit.
 *
 * @param first pause after the first failure
 * @param longest limit
 */
public record Backoff(Duration first, Duration longest) {
  private static final int MAX_DOUBLINGS = 30;

  /**
   * The pause after some failures in a row.
   *
   * @param failures at least 1
   */
  public Duration after(int failures) {
    Duration pause = first.multipliedBy(1L << Math.min(failures - 1, MAX_DOUBLINGS));
    return pause.compareTo(longest) > 0 ? longest : pause;
  }
}
