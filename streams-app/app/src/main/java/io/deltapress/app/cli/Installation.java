package io.deltapress.app.cli;

import java.nio.file.Path;

/** Where this program lies, as its launcher says in {@code deltapress.home}. */
final class Installation {
  private static final String HOME_PROPERTY = "deltapress.home";
  private static final String LAUNCHER_PROPERTY = "deltapress.launcher";

  private Installation() {}

  /** The reference models that came with the program. */
  static Path reference() {
    String home = System.getProperty(HOME_PROPERTY);
    if (home == null) {
      throw new UsageException(
          "--reference DIR is needed when not started by bin/deltapress: the models' directory");
    }
    return Path.of(home, "reference");
  }

  /** How to start the program again. */
  static String launcher() {
    return System.getProperty(LAUNCHER_PROPERTY, "deltapress");
  }
}
