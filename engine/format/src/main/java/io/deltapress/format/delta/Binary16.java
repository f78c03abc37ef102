package io.deltapress.format.delta;

/** The 16-bit float of IEEE 754: five exponent bits, ten of mantissa. */
public final class Binary16 {
  /**
   * Least magnitude, as the bits of a binary32, that rounds to infinity or is not finite: 65520.
   */
  static final int OVERFLOW_BITS = 0x477F_F000;

  /** The largest finite value. */
  public static final float MAX_VALUE = 65504f;

  private static final int SMALLEST_NORMAL_BITS = 0x3880_0000;
  private static final int HALF_OF_SMALLEST_BITS = 0x3300_0000;

  private Binary16() {}

  /** The value of these bits, exactly. */
  public static float toFloat(short bits) {
    int sign = (bits & 0x8000) << 16;
    int exponent = bits >>> 10 & 0x1F;
    int mantissa = bits & 0x3FF;
    if (exponent == 0) {
      float magnitude = mantissa * 0x1p-24f;
      return Float.intBitsToFloat(sign | Float.floatToRawIntBits(magnitude));
    }
    int widened = exponent == 0x1F ? 0xFF : exponent + 112;
    return Float.intBitsToFloat(sign | widened << 23 | mantissa << 13);
  }

  /**
   * The nearest binary16, ties to even, subnormals kept; too large a magnitude gives infinity, NaN
   * the quiet NaN {@code 0x7E00} with the sign of its argument.
   */
  public static short fromFloat(float value) {
    int bits = Float.floatToRawIntBits(value);
    int sign = bits >>> 16 & 0x8000;
    int magnitude = bits & 0x7FFF_FFFF;
    if (magnitude > 0x7F80_0000) {
      return (short) (sign | 0x7E00);
    }
    return (short) (sign | roundMagnitude(magnitude));
  }

  private static int roundMagnitude(int magnitude) {
    if (magnitude >= OVERFLOW_BITS) {
      return 0x7C00;
    }
    if (magnitude >= SMALLEST_NORMAL_BITS) {
      int rebased = magnitude - (112 << 23);
      return rebased + 0xFFF + (rebased >>> 13 & 1) >>> 13;
    }
    // Exactly half of the smallest subnormal is a tie, and zero is even.
    return magnitude <= HALF_OF_SMALLEST_BITS ? 0 : roundSubnormal(magnitude);
  }

  /** To a multiple of 2^-24. */
  private static int roundSubnormal(int magnitude) {
    int shift = 126 - (magnitude >>> 23);
    int mantissa = magnitude & 0x7F_FFFF | 0x80_0000;
    int rounded = mantissa >>> shift;
    int rest = mantissa & (1 << shift) - 1;
    int half = 1 << shift - 1;
    return rest > half || rest == half && (rounded & 1) == 1 ? rounded + 1 : rounded;
  }
}
