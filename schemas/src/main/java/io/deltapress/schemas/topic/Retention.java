package io.deltapress.schemas.topic;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * How long a topic keeps its records.
 *
 * @param cleanupPolicy Kafka's {@code cleanup.policy}
 * @param time how long records are kept, empty when the newest record of each key is kept for good
 */
public record Retention(String cleanupPolicy, Optional<Duration> time) {
  /** Returns the retention that keeps the newest record of each key for good. */
  public static Retention compacted() {
    return new Retention("compact", Optional.empty());
  }

  /** Returns the retention that drops records older than {@code days}. */
  public static Retention ofDays(int days) {
    return new Retention("delete", Optional.of(Duration.ofDays(days)));
  }

  /** Returns the topic configurations that say so. */
  public Map<String, String> configs() {
    return time.map(
            kept ->
                Map.of(
                    "cleanup.policy",
                    cleanupPolicy,
                    "retention.ms",
                    Long.toString(kept.toMillis())))
        .orElseGet(() -> Map.of("cleanup.policy", cleanupPolicy));
  }

  /** Returns the retention in words, such as {@code delete after 7 days}. */
  public String description() {
    return time.map(kept -> cleanupPolicy + " after " + kept.toDays() + " days")
        .orElse(cleanupPolicy);
  }
}
