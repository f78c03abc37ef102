package io.deltapress.app.cli;

import io.deltapress.app.cli.client.BaseNames;
import io.deltapress.app.cli.client.PipelineClient;
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

  /** The digest of a base that is named so, or the digest itself. */
  static String digestOf(PipelineClient client, String nameOrDigest) {
    return isDigest(nameOrDigest) ? nameOrDigest : BaseNames.of(client).digestOf(nameOrDigest);
  }
}
