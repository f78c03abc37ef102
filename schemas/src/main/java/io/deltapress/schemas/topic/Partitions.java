package io.deltapress.schemas.topic;

/** How many partitions a topic has. */
public enum Partitions {
  /** As many as the pipeline is configured with. */
  CONFIGURED,
  /**
   * One, whatever is configured. A share group hands the records of one partition to any of its
   * members, but gives each member only some of several partitions, so that some would idle.
   */
  SINGLE;

  /** Returns the number of partitions when {@code configured} is the pipeline's default. */
  public int count(int configured) {
    return this == SINGLE ? 1 : configured;
  }
}
