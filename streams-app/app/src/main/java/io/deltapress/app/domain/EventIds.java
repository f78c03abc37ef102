package io.deltapress.app.domain;

/** What identifies an event: nothing random, so that a repeated turn repeats it. */
final class EventIds {
  /** CloudEvents' source of everything the topology announces. */
  static final String SOURCE = "/deltapress/topology";

  private EventIds() {}

  static String of(String subject, String type, int ordinal) {
    return subject + "/" + type + "/" + ordinal;
  }

  /** Of what follows from a record and from nothing else. */
  static String ofRecord(String subject, String type, RequestSource source) {
    return subject + "/" + type + "/" + source.partition() + "-" + source.offset();
  }
}
