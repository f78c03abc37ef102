package io.deltapress.it;

import java.nio.file.Path;

/** The Java that runs the tests also runs the processes. */
final class Java {
  private Java() {}

  static String executable() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }
}
