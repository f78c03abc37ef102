package io.deltapress.schemas.serde;

import java.time.Duration;

/**
 * How long and how often to ask a registry that does not answer.
 *
 * @param firstPause pause after the first failure; it doubles with each further one
 * @param longestPause what the pause grows to at most
 * @param patience time after which no further attempt is started, counted from the first attempt
 */
public record RetryPolicy(Duration firstPause, Duration longestPause, Duration patience) {
  /** Returns the policy for blips and restarts: up to 15 seconds, pauses of 0.1 to 2 seconds. */
  public static RetryPolicy standard() {
    return new RetryPolicy(Duration.ofMillis(100), Duration.ofSeconds(2), Duration.ofSeconds(15));
  }

  /** Returns the same pauses with another patience. */
  public RetryPolicy withPatience(Duration otherPatience) {
    return new RetryPolicy(firstPause, longestPause, otherPatience);
  }

  Duration pauseAfter(int failures) {
    Duration pause = firstPause;
    for (int i = 1; i < failures && pause.compareTo(longestPause) < 0; i++) {
      pause = pause.multipliedBy(2);
    }
    return pause.compareTo(longestPause) < 0 ? pause : longestPause;
  }
}
