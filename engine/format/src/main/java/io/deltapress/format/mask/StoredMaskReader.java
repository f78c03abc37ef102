package io.deltapress.format.mask;

import io.deltapress.format.BadInputException;
import io.deltapress.format.tensor.TensorData;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Reads a mask in the codec {@value StoredMaskEncoder#ID}. The bytes may come from a stranger: what
 * breaks a rule of {@code FORMAT.md} is refused, memory is that of a block.
 */
public final class StoredMaskReader implements MaskCursor {
  private final Path file;
  private final TensorData data;
  private final byte[] window = new byte[StoredMaskEncoder.MAX_BLOCK_BYTES];
  private final char[] dropped = new char[MaskBlocks.ELEMENTS];
  private long offset;

  /**
   * @param file named in messages
   * @param data the encoded mask
   */
  public StoredMaskReader(Path file, TensorData data) {
    this.file = file;
    this.data = data;
  }

  @Override
  public int next(int length, char[] into) throws IOException {
    int available = (int) Math.min(StoredMask.bitmapBytes(length), data.byteLength() - offset);
    if (available == 0) {
      throw bad("the mask ends before the tensor does");
    }
    data.copyTo(offset, window, 0, available);
    int form = window[0] & 0xFF;
    return switch (form) {
      case StoredMask.BITMAP -> bitmap(length, available, into);
      case StoredMask.NOTHING -> take(1, 0);
      case StoredMask.EVERYTHING -> everything(length, into);
      default -> rice(form, length, available, into);
    };
  }

  @Override
  public void finish() throws IOException {
    if (offset != data.byteLength()) {
      throw bad("the mask goes on after the tensor's end");
    }
  }

  private int take(int bytes, int count) {
    offset += bytes;
    return count;
  }

  private int everything(int length, char[] into) {
    for (int i = 0; i < length; i++) {
      into[i] = (char) i;
    }
    return take(1, length);
  }

  private int bitmap(int length, int available, char[] into) throws BadInputException {
    int bytes = StoredMask.bitmapBytes(length);
    if (available < bytes) {
      throw bad("a bitmap of the mask is cut off");
    }
    int count = 0;
    for (int i = 0; i < 8 * (bytes - 1); i++) {
      if (bit(8 + i)) {
        if (i >= length) {
          throw bad("a bitmap of the mask keeps positions beyond its block");
        }
        into[count++] = (char) i;
      }
    }
    return take(bytes, count);
  }

  private int rice(int form, int length, int available, char[] into) throws BadInputException {
    int base = form & 0xF0;
    if (base != StoredMask.RICE_KEPT && base != StoredMask.RICE_DROPPED) {
      throw bad("the mask has a block of unknown form " + form);
    }
    if (available < StoredMask.RICE_PREFIX_BYTES) {
      throw bad("a block of the mask is cut off");
    }
    int count = 1 + (window[1] & 0xFF | (window[2] & 0xFF) << 8);
    if (count > length) {
      throw bad("a block of the mask has more positions than elements");
    }
    if (base == StoredMask.RICE_KEPT) {
      ricePositions(form & 0xF, count, length, available, into);
      return count;
    }
    ricePositions(form & 0xF, count, length, available, dropped);
    return complement(count, length, into);
  }

  /** Decodes positions; memory was bounded by the caller, who saw that they fit a block. */
  private void ricePositions(int r, int count, int length, int available, char[] into)
      throws BadInputException {
    int low = 8 * StoredMask.RICE_PREFIX_BYTES;
    int unary = low + count * r;
    int end = 8 * available;
    int position = -1;
    for (int i = 0; i < count; i++) {
      int high = 0;
      while (unary < end && !bit(unary)) {
        high++;
        unary++;
      }
      if (unary >= end) {
        throw bad("a block of the mask is cut off or longer than its bitmap");
      }
      unary++;
      int rest = 0;
      for (int bit = 0; bit < r; bit++, low++) {
        rest |= bit(low) ? 1 << bit : 0;
      }
      long next = position + 1L + ((long) high << r) + rest;
      if (next >= length) {
        throw bad("a block of the mask has positions beyond its end");
      }
      position = (int) next;
      into[i] = (char) position;
    }
    requireZeros(unary);
    offset += (unary + 7) / 8;
  }

  private void requireZeros(int from) throws BadInputException {
    for (int bit = from; bit % 8 != 0; bit++) {
      if (bit(bit)) {
        throw bad("a block of the mask is not filled up with zeros");
      }
    }
  }

  private int complement(int droppedCount, int length, char[] into) {
    int kept = 0;
    int from = 0;
    for (int i = 0; i <= droppedCount; i++) {
      int until = i == droppedCount ? length : dropped[i];
      for (int position = from; position < until; position++) {
        into[kept++] = (char) position;
      }
      from = until + 1;
    }
    return kept;
  }

  private boolean bit(int index) {
    return (window[index >>> 3] >>> (index & 7) & 1) == 1;
  }

  private BadInputException bad(String rule) {
    return BadInputException.of(file, data.info().name(), rule);
  }
}
