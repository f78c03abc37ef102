package io.deltapress.app.cli;

import java.util.regex.Pattern;

/** Weights digests as people type them. */
final class Digests {
  private static final Pattern DIGEST = Pattern.compile("[0-9a-f]{64}");

  private Digests() {}

  static boolean isDigest(String text) {
    return DIGEST.matcher(text).matches();
  }

  static void require(String option, String text) {
    if (!isDigest(text)) {
      throw new UsageException(
          option + " " + Printable.of(text) + " is not 64 lower-case hexadecimal digits");
    }
  }
}
