package io.deltapress.app.storage;

import java.util.regex.Pattern;

/**
 * Names an object by its content: {@code sha256/ab/ab12…}, where the middle part is the first two
 * hex digits, so that no directory of a store grows without bound. A full key: {@code
 * sha256/e3/e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855}.
 *
 * @param value the key as manifests carry it
 */
public record ObjectKey(String value) {
  private static final Pattern SHA_256 = Pattern.compile("[0-9a-f]{64}");
  private static final String PREFIX = "sha256/";

  public ObjectKey {
    String sha256 = value.substring(value.lastIndexOf('/') + 1);
    if (!SHA_256.matcher(sha256).matches() || !value.equals(spell(sha256))) {
      throw new IllegalArgumentException(
          "Object key must look like sha256/ab/ab<62 more hex digits>: " + value);
    }
  }

  /**
   * @param sha256 64 lower-case hex digits
   */
  public static ObjectKey ofSha256(String sha256) {
    if (!SHA_256.matcher(sha256).matches()) {
      throw new IllegalArgumentException("SHA-256 must be 64 lower-case hex digits: " + sha256);
    }
    return new ObjectKey(spell(sha256));
  }

  /** The digest every byte of the object adds up to, 64 lower-case hex digits. */
  public String sha256() {
    return value.substring(value.lastIndexOf('/') + 1);
  }

  private static String spell(String sha256) {
    return PREFIX + sha256.substring(0, 2) + '/' + sha256;
  }

  @Override
  public String toString() {
    return value;
  }
}
