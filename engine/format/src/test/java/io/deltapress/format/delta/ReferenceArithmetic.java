package io.deltapress.format.delta;

import io.deltapress.format.tensor.DType;

/**
 * The formula of {@code FORMAT.md} for one element at a time, with formats described by the widths
 * of their fields and rounding done in binary64: the oracle of {@link DeltaArithmetic}.
 */
public final class ReferenceArithmetic {
  private final int exponentBits;
  private final int mantissaBits;
  private final DType dtype;

  public ReferenceArithmetic(DType dtype) {
    this.dtype = dtype;
    this.exponentBits =
        switch (dtype) {
          case F16 -> 5;
          case F64 -> 11;
          default -> 8;
        };
    this.mantissaBits =
        switch (dtype) {
          case BF16 -> 7;
          case F16 -> 10;
          case F32 -> 23;
          default -> 52;
        };
  }

  /** The value of the bits of an element. */
  public double decode(long bits) {
    int bias = (1 << exponentBits - 1) - 1;
    int exponent = (int) (bits >>> mantissaBits) & (1 << exponentBits) - 1;
    double mantissa = bits & (1L << mantissaBits) - 1;
    double sign = (bits >>> exponentBits + mantissaBits & 1) == 1 ? -1 : 1;
    if (exponent == (1 << exponentBits) - 1) {
      return mantissa == 0 ? sign * Double.POSITIVE_INFINITY : Double.NaN;
    }
    return exponent == 0
        ? sign * Math.scalb(mantissa, 1 - bias - mantissaBits)
        : sign
            * Math.scalb(mantissa + Math.scalb(1.0, mantissaBits), exponent - bias - mantissaBits);
  }

  /** The bits of the element nearest to a value, ties to even. */
  public long encode(double value) {
    int bias = (1 << exponentBits - 1) - 1;
    long sign = (Double.doubleToRawLongBits(value) >>> 63) << exponentBits + mantissaBits;
    double magnitude = Math.abs(value);
    int exponent = Math.max(1 - bias, Math.min(bias, Math.getExponent(magnitude)));
    double rounded = Math.rint(Math.scalb(magnitude, mantissaBits - exponent));
    // In units of the last place; a carry into the exponent is right by itself.
    long hidden = 1L << mantissaBits;
    long units = (long) Math.min(rounded, 4.0 * hidden);
    long bits =
        units < hidden ? units : units - hidden + ((long) (exponent + bias) << mantissaBits);
    long infinity = ((1L << exponentBits) - 1) << mantissaBits;
    return sign | Math.min(bits, infinity);
  }

  /** The rescaled delta. */
  public double rescaled(long base, long fineTuned, double q) {
    if (dtype == DType.F64) {
      return (decode(fineTuned) - decode(base)) / q;
    }
    float delta = (float) decode(fineTuned) - (float) decode(base);
    return delta / (float) q;
  }

  /** The sum of base and rescaled delta, in the precision of the arithmetic. */
  public double sum(long base, double rescaled) {
    return dtype == DType.F64
        ? decode(base) + rescaled
        : (float) ((float) decode(base) + (float) rescaled);
  }

  /** Whether a sum has a finite result. */
  public boolean isFinite(double sum) {
    return Double.isFinite(sum) && Double.isFinite(decode(encode(sum)));
  }
}
