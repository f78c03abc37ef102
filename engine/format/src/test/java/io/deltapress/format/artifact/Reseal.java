package io.deltapress.format.artifact;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/** Covers up damage as a forger would, so that only the inner checks of a reader are left. */
public final class Reseal {
  private static final String FIELD = "content_sha256\":\"";

  private Reseal() {}

  /**
   * Gives a damaged file a digest that fits it.
   *
   * @param file where to put it
   * @return its bytes; empty if the damage left nothing that could be sealed
   */
  public static Optional<byte[]> seal(Path file, byte[] damaged) throws IOException {
    int digits = new String(damaged, StandardCharsets.ISO_8859_1).indexOf(FIELD) + FIELD.length();
    if (digits < FIELD.length() || digits + 64 > damaged.length) {
      return Optional.empty();
    }
    byte[] blank = damaged.clone();
    Arrays.fill(blank, digits, digits + 64, (byte) '0');
    Files.write(file, blank);
    try {
      ContentSeal.seal(file);
    } catch (IOException | IllegalArgumentException e) {
      // The length of the header was hit.
      return Optional.empty();
    }
    return Optional.of(Files.readAllBytes(file));
  }
}
