package io.deltapress.format.mask;

import java.util.Arrays;

/**
 * Writes masks in the codec {@value #ID}, block by block; {@code FORMAT.md} defines it. The choice
 * between forms of equal length is fixed, so equal masks are equal bytes. Not safe for use by
 * several threads.
 */
public final class StoredMaskEncoder {
  /** The name of the codec in artifacts. */
  public static final String ID = StoredMask.ID;

  /** Longest encoded block in bytes. */
  public static final int MAX_BLOCK_BYTES = StoredMask.bitmapBytes(MaskBlocks.ELEMENTS);

  private final char[] dropped = new char[MaskBlocks.ELEMENTS];

  /**
   * Encodes a block.
   *
   * @param positions kept positions, ascending
   * @param count how many there are
   * @param length elements of the block, at least 1
   * @param into receives the bytes; room for {@link #MAX_BLOCK_BYTES}
   * @return how many bytes
   */
  public int encode(char[] positions, int count, int length, byte[] into) {
    if (count == 0 || count == length) {
      into[0] = (byte) (count == 0 ? StoredMask.NOTHING : StoredMask.EVERYTHING);
      return 1;
    }
    int droppedCount = complement(positions, count, length);
    long kept = bestParameter(positions, count);
    long lost = bestParameter(dropped, droppedCount);
    long shortest = Math.min(kept, lost);
    if (StoredMask.bitmapBytes(length) <= bytes(shortest)) {
      return bitmap(positions, count, length, into);
    }
    return kept <= lost
        ? rice(StoredMask.RICE_KEPT, parameter(kept), positions, count, bytes(kept), into)
        : rice(StoredMask.RICE_DROPPED, parameter(lost), dropped, droppedCount, bytes(lost), into);
  }

  private int complement(char[] positions, int count, int length) {
    int found = 0;
    int next = 0;
    for (int i = 0; i < length; i++) {
      if (next < count && positions[next] == i) {
        next++;
      } else {
        dropped[found++] = (char) i;
      }
    }
    return found;
  }

  /**
   * The shortest form's length in bytes and its parameter, packed so that they compare. Lengths
   * fall and then rise with the parameter, so the search stops on either side where they rise; it
   * begins where they are least if gaps are all alike.
   */
  private static long bestParameter(char[] positions, int count) {
    int mean = (positions[count - 1] + 1) / count;
    int start = Integer.SIZE - 1 - Integer.numberOfLeadingZeros(mean);
    long best = length(positions, count, start);
    for (int r = start - 1; r >= 0; r--) {
      long shorter = length(positions, count, r);
      if (shorter >= best) {
        break;
      }
      best = shorter;
    }
    for (int r = start + 1; r <= StoredMask.MAX_RICE_PARAMETER; r++) {
      long shorter = length(positions, count, r);
      if (shorter >= best) {
        break;
      }
      best = shorter;
    }
    return best;
  }

  private static long length(char[] positions, int count, int r) {
    long bits = (long) count * (r + 1);
    int previous = -1;
    for (int i = 0; i < count; i++) {
      bits += positions[i] - previous - 1 >>> r;
      previous = positions[i];
    }
    return StoredMask.RICE_PREFIX_BYTES + (bits + 7) / 8 << 4 | r;
  }

  private static int bytes(long packed) {
    return (int) (packed >>> 4);
  }

  private static int parameter(long packed) {
    return (int) packed & 0xF;
  }

  private static int bitmap(char[] positions, int count, int length, byte[] into) {
    int bytes = StoredMask.bitmapBytes(length);
    Arrays.fill(into, 0, bytes, (byte) 0);
    into[0] = StoredMask.BITMAP;
    for (int i = 0; i < count; i++) {
      setBit(into, 8L + positions[i]);
    }
    return bytes;
  }

  private static int rice(int form, int r, char[] positions, int count, int bytes, byte[] into) {
    Arrays.fill(into, 0, bytes, (byte) 0);
    into[0] = (byte) (form + r);
    into[1] = (byte) (count - 1);
    into[2] = (byte) (count - 1 >>> 8);
    long low = 8L * StoredMask.RICE_PREFIX_BYTES;
    long unary = low + (long) count * r;
    int previous = -1;
    for (int i = 0; i < count; i++) {
      int gap = positions[i] - previous - 1;
      previous = positions[i];
      for (int bit = 0; bit < r; bit++, low++) {
        if ((gap >>> bit & 1) == 1) {
          setBit(into, low);
        }
      }
      unary += gap >>> r;
      setBit(into, unary++);
    }
    return bytes;
  }

  private static void setBit(byte[] bytes, long bit) {
    bytes[(int) (bit >>> 3)] |= (byte) (1 << (bit & 7));
  }
}
