package io.deltapress.format.tensor;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256, which every Java platform has, and its form of 64 lower-case hexadecimal digits. */
public final class Sha256 {
  private static final HexFormat HEX = HexFormat.of();
  private static final int HEX_CHARACTERS = 64;

  private Sha256() {}

  /** A digest to which nothing was fed. */
  public static MessageDigest newDigest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }

  /** The digits of what was fed; begins the digest anew. */
  public static String hex(MessageDigest digest) {
    return HEX.formatHex(digest.digest());
  }

  /** Whether a text is 64 lower-case hexadecimal digits. */
  public static boolean isHex(String text) {
    return text.length() == HEX_CHARACTERS
        && text.chars().allMatch(c -> (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'));
  }

  /**
   * Refuses other texts.
   *
   * @throws IllegalArgumentException if it is not 64 lower-case hexadecimal digits
   */
  public static void requireHex(String text) {
    if (!isHex(text)) {
      throw new IllegalArgumentException("not 64 lower-case hexadecimal digits: " + text);
    }
  }
}
