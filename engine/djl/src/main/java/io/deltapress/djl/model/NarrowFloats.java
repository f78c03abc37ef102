package io.deltapress.djl.model;

/**
 * Converts 16-bit floats in Java: the engine's own bfloat16 conversion ends the process.
 *
 * <p>Narrowing rounds to nearest even and keeps subnormals, infinities and NaN.
 */
final class NarrowFloats {

  private NarrowFloats() {}

  static float fromBfloat16(short bits) {
    return Float.intBitsToFloat(bits << 16);
  }

  static short toBfloat16(float value) {
    int bits = Float.floatToRawIntBits(value);
    if (Float.isNaN(value)) {
      return (short) ((bits >>> 16) | 0x40);
    }
    int roundUp = 0x7FFF + ((bits >>> 16) & 1);
    return (short) ((bits + roundUp) >>> 16);
  }

  static float fromFloat16(short bits) {
    int exponent = (bits >>> 10) & 0x1F;
    int mantissa = bits & 0x3FF;
    int sign = (bits & 0x8000) << 16;
    if (exponent == 0) {
      float magnitude = mantissa * 0x1.0p-24f;
      return Float.intBitsToFloat(Float.floatToRawIntBits(magnitude) | sign);
    }
    int widened = exponent == 0x1F ? 0xFF : exponent + (127 - 15);
    return Float.intBitsToFloat(sign | (widened << 23) | (mantissa << 13));
  }
}
