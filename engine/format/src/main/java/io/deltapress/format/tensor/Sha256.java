package io.deltapress.format.tensor;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** SHA-256, which every Java platform has, and its hexadecimal form. */
final class Sha256 {
  private static final int HEX_CHARACTERS = 64;

  private Sha256() {}

  static MessageDigest newDigest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }

  static boolean isHex(String text) {
    return text.length() == HEX_CHARACTERS
        && text.chars().allMatch(c -> (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'));
  }

  static void requireHex(String text) {
    if (!isHex(text)) {
      throw new IllegalArgumentException("not 64 lower-case hexadecimal digits: " + text);
    }
  }
}
