package io.deltapress.app.domain;

/** What identifies an event: nothing random, so that a repeated turn repeats it. */
final class EventIds {
  /** CloudEvents' source of everything the topology announces. */
  static final String SOURCE = "/deltapress/topology";

  private EventIds() {}

  static String of(String subject, String type, int ordinal) {
    return subject + "/" + type + "/" + ordinal;
  }
}
