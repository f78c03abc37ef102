package io.deltapress.app.setup;

/**
 * What topics are created with beyond the catalogue.
 *
 * @param partitions how many partitions a topic has unless the catalogue fixes the number, at least
 *     1
 * @param replicationFactor on how many brokers each partition lies, at least 1
 */
public record TopicLayout(int partitions, int replicationFactor) {
  /** Returns six partitions on one broker each. */
  public static TopicLayout standard() {
    return new TopicLayout(6, 1);
  }

  /**
   * Checks both numbers.
   *
   * @throws IllegalArgumentException when one makes no sense
   */
  public TopicLayout {
    if (partitions < 1 || replicationFactor < 1 || replicationFactor > Short.MAX_VALUE) {
      throw new IllegalArgumentException(
          "Topics cannot have %d partitions on %d brokers each: use 1 or more."
              .formatted(partitions, replicationFactor));
    }
  }
}
