package io.deltapress.app.cli;

import java.nio.file.Path;

/**
 * How much a command logs, to stderr. Takes effect because no command touches a logger before it
 * has said so: the levels are system properties that {@code logback.xml} reads when it is loaded.
 */
enum Logging {
  /** What a person must know; for commands that report by themselves. */
  QUIET("WARN", "ERROR"),
  /** What happened; for roles, whose log is what they are watched by. */
  ROLE("INFO", "WARN"),
  /** How it happened. */
  VERBOSE("DEBUG", "INFO");

  static final String OURS_PROPERTY = "deltapress.log.level";
  static final String OTHERS_PROPERTY = "deltapress.log.libraries.level";

  private final String ours;
  private final String others;

  Logging(String ours, String others) {
    this.ours = ours;
    this.others = others;
  }

  /** Sends the log to a file, at the levels of a role, unless somebody configured it otherwise. */
  static void toFile(Path file) {
    System.getProperties().putIfAbsent("logback.configurationFile", "logback-file.xml");
    System.setProperty("deltapress.log.file", file.toString());
  }

  /** Sets the levels unless somebody set them on the JVM's command line. */
  static void configure(Logging logging) {
    System.getProperties().putIfAbsent(OURS_PROPERTY, logging.ours);
    System.getProperties().putIfAbsent(OTHERS_PROPERTY, logging.others);
  }
}
