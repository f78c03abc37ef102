package io.deltapress.format.artifact;

import io.deltapress.format.delta.Binary16;

/**
 * Rounds to small integers: {@code value = integer * scale} with one binary16 scale for every
 * {@link ValueCode#GROUP} kept values of a block. Bytes hold one integer, or two of four bits, the
 * first in the lower half.
 */
final class GroupRounding implements ValueRounding {
  private final int largest;
  private final boolean halfBytes;

  /**
   * @param largest the largest integer, 127 for a byte or 7 for half a byte
   */
  GroupRounding(int largest) {
    this.largest = largest;
    this.halfBytes = largest == 7;
  }

  @Override
  public void encode(float[] rescaled, int count, byte[] values, byte[] scales) {
    for (int start = 0; start < count; start += ValueCode.GROUP) {
      int end = Math.min(count, start + ValueCode.GROUP);
      short bits = scale(rescaled, start, end);
      HalfRounding.put(scales, start / ValueCode.GROUP, bits);
      float scale = Binary16.toFloat(bits);
      for (int i = start; i < end; i++) {
        put(values, i, scale == 0 ? 0 : integer(rescaled[i] / scale));
      }
    }
  }

  private int integer(float quotient) {
    return (int) Math.max(-largest, Math.min(largest, Math.rint(quotient)));
  }

  /** The least binary16 whose product with the largest integer reaches every value. */
  private short scale(float[] rescaled, int start, int end) {
    float reach = 0;
    for (int i = start; i < end; i++) {
      reach = Math.max(reach, Math.abs(rescaled[i]));
    }
    short bits = Binary16.fromFloat(reach / largest);
    return Binary16.toFloat(bits) * largest < reach ? (short) (bits + 1) : bits;
  }

  @Override
  public void decode(byte[] values, byte[] scales, int count, float[] rescaled) {
    for (int start = 0; start < count; start += ValueCode.GROUP) {
      float scale = Binary16.toFloat(HalfRounding.get(scales, start / ValueCode.GROUP));
      int end = Math.min(count, start + ValueCode.GROUP);
      for (int i = start; i < end; i++) {
        rescaled[i] = get(values, i) * scale;
      }
    }
  }

  private void put(byte[] values, int i, int integer) {
    if (!halfBytes) {
      values[i] = (byte) integer;
    } else if (i % 2 == 0) {
      values[i / 2] = (byte) (integer & 0xF);
    } else {
      values[i / 2] |= (byte) (integer << 4);
    }
  }

  private int get(byte[] values, int i) {
    if (!halfBytes) {
      return values[i];
    }
    // Shifting the half byte to the top first extends its sign.
    return i % 2 == 0 ? (byte) (values[i / 2] << 4) >> 4 : values[i / 2] >> 4;
  }
}
