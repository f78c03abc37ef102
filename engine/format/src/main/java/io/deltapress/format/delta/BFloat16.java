package io.deltapress.format.delta;

/** The 16-bit float made of the upper half of an IEEE 754 binary32. */
public final class BFloat16 {
  /** Least magnitude, as the bits of a binary32, that rounds to infinity or is not finite. */
  static final int OVERFLOW_BITS = 0x7F7F_8000;

  private BFloat16() {}

  /** The value of these bits, exactly. */
  public static float toFloat(short bits) {
    return Float.intBitsToFloat(bits << 16);
  }

  /**
   * The nearest bfloat16, ties to even, subnormals kept; too large a magnitude gives infinity, NaN
   * the quiet NaN {@code 0x7FC0} with the sign of its argument.
   */
  public static short fromFloat(float value) {
    int bits = Float.floatToRawIntBits(value);
    if ((bits & 0x7FFF_FFFF) > 0x7F80_0000) {
      return (short) ((bits >>> 16 & 0x8000) | 0x7FC0);
    }
    return (short) roundFinite(bits);
  }

  /** As {@link #fromFloat} for the bits of anything but NaN; only the lower 16 bits count. */
  static int roundFinite(int bits) {
    return bits + 0x7FFF + (bits >>> 16 & 1) >>> 16;
  }
}
