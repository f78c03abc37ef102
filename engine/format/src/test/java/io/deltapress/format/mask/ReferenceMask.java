package io.deltapress.format.mask;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code MASK.md} word for word, with integers of any size and a linear search: the oracle of
 * {@link SeededMask}.
 */
public final class ReferenceMask {
  private static final BigInteger TWO_32 = BigInteger.TWO.pow(32);
  private static final BigInteger TWO_64 = BigInteger.TWO.pow(64);
  private static final BigInteger GOLDEN_GAMMA = new BigInteger("9E3779B97F4A7C15", 16);
  private static final BigInteger FIRST_FACTOR = new BigInteger("BF58476D1CE4E5B9", 16);
  private static final BigInteger SECOND_FACTOR = new BigInteger("94D049BB133111EB", 16);

  private final BigInteger key;
  private final long k;
  private final List<BigInteger> table = new ArrayList<>();

  public ReferenceMask(long seed, String tensor, long k) {
    this(key("dp-mask-1\0", seed, tensor), k);
  }

  /** The mask of an axis of a matrix, drawn for {@code dp-structural-1}. */
  static ReferenceMask axis(long seed, int axis, String tensor, long k) {
    return new ReferenceMask(key("dp-structural-1\0", seed, (char) axis + tensor), k);
  }

  private ReferenceMask(BigInteger key, long k) {
    this.key = key;
    this.k = k;
    if (k == 0 || k == 1L << 32) {
      return;
    }
    BigInteger s = TWO_64;
    // Once an entry is 0 all others are, and no draw is below it.
    for (int j = 1; j <= 65_536 && s.signum() > 0; j++) {
      s = s.multiply(TWO_32.subtract(BigInteger.valueOf(k))).divide(TWO_32);
      table.add(s);
    }
  }

  public List<Integer> positions(long block, int length) {
    List<Integer> positions = new ArrayList<>();
    if (k == 0) {
      return positions;
    }
    int position = 0;
    for (long i = 1; ; i++) {
      position += k == 1L << 32 ? 0 : gap(draw(block, i));
      if (position >= length) {
        return positions;
      }
      positions.add(position);
      position++;
    }
  }

  private BigInteger draw(long block, long i) {
    BigInteger counter = BigInteger.valueOf(block).multiply(BigInteger.valueOf(65_536));
    BigInteger z = key.add(counter.add(BigInteger.valueOf(i)).multiply(GOLDEN_GAMMA)).mod(TWO_64);
    z = z.xor(z.shiftRight(30)).multiply(FIRST_FACTOR).mod(TWO_64);
    z = z.xor(z.shiftRight(27)).multiply(SECOND_FACTOR).mod(TWO_64);
    return z.xor(z.shiftRight(31));
  }

  private int gap(BigInteger draw) {
    int gap = 0;
    while (gap < table.size() && draw.compareTo(table.get(gap)) < 0) {
      gap++;
    }
    return gap;
  }

  private static BigInteger key(String algorithm, long seed, String tensor) {
    try {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      sha256.update(algorithm.getBytes(StandardCharsets.US_ASCII));
      for (int i = 0; i < Long.BYTES; i++) {
        sha256.update((byte) (seed >>> (8 * i)));
      }
      byte[] digest = sha256.digest(tensor.getBytes(StandardCharsets.UTF_8));
      BigInteger key = BigInteger.ZERO;
      for (int i = 7; i >= 0; i--) {
        key = key.shiftLeft(8).or(BigInteger.valueOf(digest[i] & 0xFF));
      }
      return key;
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }
}
