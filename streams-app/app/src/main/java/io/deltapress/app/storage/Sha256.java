package io.deltapress.app.storage;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** The one digest objects are named by. */
final class Sha256 {
  private Sha256() {}

  static MessageDigest newDigest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java platform has SHA-256; this one does not", e);
    }
  }
}
