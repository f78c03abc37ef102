package io.deltapress.format.mask;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** The 64-bit key from which the draws of a tensor's mask are counted. */
final class TensorKey {
  private TensorKey() {}

  /**
   * The first eight bytes, little-endian, of SHA-256 over {@code "dp-mask-1"}, a zero byte, the
   * seed as eight bytes little-endian, and the name in UTF-8.
   */
  static long of(long seed, String tensor) {
    MessageDigest sha256 = begin(MaskGenerator.ID, seed);
    sha256.update(tensor.getBytes(StandardCharsets.UTF_8));
    return firstLong(sha256.digest());
  }

  /**
   * The key of an axis of a matrix: {@code "dp-structural-1"} in place of {@code "dp-mask-1"}, and
   * between seed and name a byte, 0 for the rows and 1 for the columns.
   */
  static long ofAxis(long seed, int axis, String tensor) {
    MessageDigest sha256 = begin(StructuralMaskGenerator.ID, seed);
    sha256.update((byte) axis);
    sha256.update(tensor.getBytes(StandardCharsets.UTF_8));
    return firstLong(sha256.digest());
  }

  private static MessageDigest begin(String algorithm, long seed) {
    MessageDigest sha256 = sha256();
    sha256.update(algorithm.getBytes(StandardCharsets.US_ASCII));
    sha256.update((byte) 0);
    sha256.update(ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).putLong(0, seed));
    return sha256;
  }

  static long firstLong(byte[] digest) {
    return ByteBuffer.wrap(digest).order(ByteOrder.LITTLE_ENDIAN).getLong();
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
