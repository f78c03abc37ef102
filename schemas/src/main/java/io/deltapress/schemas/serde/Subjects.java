package io.deltapress.schemas.serde;

/** Names that schemas are registered under: TopicNameStrategy. */
public final class Subjects {
  private Subjects() {}

  /** Returns the subject of a topic's values. */
  public static String ofValues(String topicName) {
    return topicName + "-value";
  }
}
