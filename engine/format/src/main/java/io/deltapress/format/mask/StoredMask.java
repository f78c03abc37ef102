package io.deltapress.format.mask;

/**
 * The codec {@code stored-1} of {@code FORMAT.md}: how a mask that no seed can draw is written with
 * the artifact. Each block is coded alone, in whichever of these forms is shortest:
 *
 * <pre>
 * 0x00        one bit per element, least significant first
 * 0x01        nothing kept
 * 0x02        everything kept
 * 0x10 + r    Rice code with parameter r of the gaps before kept positions
 * 0x20 + r    the same of dropped positions
 * </pre>
 *
 * <p>A Rice block goes on with the number of positions less one (16 bits, little-endian), then a
 * bit string, least significant bit of each byte first: the lowest r bits of every gap, then for
 * every gap its remaining value in unary, that many zeros and a one; zeros fill the last byte. For
 * a random mask that is within 2 % of the entropy plus three bytes per block.
 */
final class StoredMask {
  /** The name of the codec in artifacts. */
  static final String ID = "stored-1";

  static final int BITMAP = 0x00;
  static final int NOTHING = 0x01;
  static final int EVERYTHING = 0x02;
  static final int RICE_KEPT = 0x10;
  static final int RICE_DROPPED = 0x20;
  static final int MAX_RICE_PARAMETER = 15;

  /** Bytes of a Rice block before its bit string. */
  static final int RICE_PREFIX_BYTES = 3;

  private StoredMask() {}

  /** Bytes of a block of so many elements as a bitmap; no form of it may be longer. */
  static int bitmapBytes(int length) {
    return 1 + (length + 7) / 8;
  }
}
