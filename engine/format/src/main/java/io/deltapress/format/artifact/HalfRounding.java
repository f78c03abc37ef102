package io.deltapress.format.artifact;

import io.deltapress.format.delta.BFloat16;
import io.deltapress.format.delta.Binary16;

/** Rounds to a 16-bit float, two bytes little-endian each. */
abstract class HalfRounding implements ValueRounding {

  /** To the upper half of a binary32. */
  static final class ToBFloat16 extends HalfRounding {
    @Override
    short round(float value) {
      return BFloat16.fromFloat(value);
    }

    @Override
    float widen(short bits) {
      return BFloat16.toFloat(bits);
    }
  }

  /** To binary16. */
  static final class ToBinary16 extends HalfRounding {
    @Override
    short round(float value) {
      return Binary16.fromFloat(value);
    }

    @Override
    float widen(short bits) {
      return Binary16.toFloat(bits);
    }
  }

  abstract short round(float value);

  abstract float widen(short bits);

  static void put(byte[] bytes, int index, short value) {
    bytes[2 * index] = (byte) value;
    bytes[2 * index + 1] = (byte) (value >>> 8);
  }

  static short get(byte[] bytes, int index) {
    return (short) (bytes[2 * index] & 0xFF | bytes[2 * index + 1] << 8);
  }

  @Override
  public final void encode(float[] rescaled, int count, byte[] values, byte[] scales) {
    for (int i = 0; i < count; i++) {
      put(values, i, round(rescaled[i]));
    }
  }

  @Override
  public final void decode(byte[] values, byte[] scales, int count, float[] rescaled) {
    for (int i = 0; i < count; i++) {
      rescaled[i] = widen(get(values, i));
    }
  }
}
