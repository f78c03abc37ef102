package io.deltapress.app.storage;

/**
 * A run of bytes inside an object.
 *
 * @param offset the first byte, from 0
 * @param length at most this many bytes; a range that reaches past the end of the object ends there
 */
public record ByteRange(long offset, long length) {
  public ByteRange {
    if (offset < 0 || length < 0) {
      throw new IllegalArgumentException(
          "Range must not be negative: offset %d, length %d".formatted(offset, length));
    }
  }

  /** Everything from the first byte to the end of the object. */
  public static ByteRange whole() {
    return new ByteRange(0, Long.MAX_VALUE);
  }

  @Override
  public String toString() {
    return length == Long.MAX_VALUE
        ? "[%d..]".formatted(offset)
        : "[%d+%d]".formatted(offset, length);
  }
}
