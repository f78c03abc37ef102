package io.deltapress.djl.train;

import io.deltapress.djl.model.ModelDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;

/** Tells one fine-tuning from another by everything its result depends on. */
final class FineTuneIdentity {

  private FineTuneIdentity() {}

  static String of(FineTuneOptions options) throws IOException {
    return String.format(
        Locale.ROOT,
        "fine-tune %d %s base %s data %s regularization %s lora %s",
        options.seed(),
        options.recipe(),
        ModelDirectory.weightsDigest(options.base()),
        sha256(Files.readAllBytes(options.data())),
        options.regularization(),
        options.lora());
  }

  /** Digest of some bytes, in hexadecimal. */
  static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every JDK has SHA-256", e);
    }
  }
}
