package io.deltapress.format.artifact;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256 as artifacts write it. */
final class Hashing {
  private static final HexFormat HEX = HexFormat.of();

  private Hashing() {}

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }

  /** The digest of what was fed, in lower-case hexadecimal digits. */
  static String hex(MessageDigest digest) {
    return HEX.formatHex(digest.digest());
  }
}
