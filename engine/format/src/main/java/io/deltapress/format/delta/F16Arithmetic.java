package io.deltapress.format.delta;

/** F16, computed in binary32. */
final class F16Arithmetic implements DeltaArithmetic {

  @Override
  public int elementBytes() {
    return Short.BYTES;
  }

  @Override
  public int drop(
      byte[] base, byte[] fineTuned, char[] positions, int count, double rescale, byte[] values) {
    float q = (float) rescale;
    int largest = 0;
    for (int i = 0; i < count; i++) {
      int position = positions[i];
      short old = Bits.getShort(base, position);
      float from = Binary16.toFloat(old);
      float result = from + (Binary16.toFloat(Bits.getShort(fineTuned, position)) - from) / q;
      largest = Math.max(largest, Float.floatToRawIntBits(result) & 0x7FFF_FFFF);
      Bits.putShort(values, i, Binary16.fromFloat(result) ^ old);
    }
    return largest < Binary16.OVERFLOW_BITS
        ? ALL_FINITE
        : firstOverflow(base, fineTuned, positions, count, q);
  }

  private static int firstOverflow(
      byte[] base, byte[] fineTuned, char[] positions, int count, float q) {
    for (int i = 0; i < count; i++) {
      float from = Binary16.toFloat(Bits.getShort(base, positions[i]));
      float result = from + (Binary16.toFloat(Bits.getShort(fineTuned, positions[i])) - from) / q;
      if (overflows(result)) {
        return i;
      }
    }
    return ALL_FINITE;
  }

  private static boolean overflows(float result) {
    return (Float.floatToRawIntBits(result) & 0x7FFF_FFFF) >= Binary16.OVERFLOW_BITS;
  }

  @Override
  public void rescale(
      byte[] base, byte[] fineTuned, char[] positions, int count, double rescale, float[] into) {
    float q = (float) rescale;
    for (int i = 0; i < count; i++) {
      float from = Binary16.toFloat(Bits.getShort(base, positions[i]));
      into[i] = (Binary16.toFloat(Bits.getShort(fineTuned, positions[i])) - from) / q;
    }
  }

  @Override
  public int add(byte[] block, char[] positions, int count, float[] rescaled) {
    int bad = ALL_FINITE;
    for (int i = count - 1; i >= 0; i--) {
      float result = Binary16.toFloat(Bits.getShort(block, positions[i])) + rescaled[i];
      if (overflows(result)) {
        bad = i;
      }
      Bits.putShort(block, positions[i], Binary16.fromFloat(result));
    }
    return bad;
  }

  @Override
  public int flip(byte[] block, char[] positions, int count, byte[] values) {
    int bad = ALL_FINITE;
    for (int i = count - 1; i >= 0; i--) {
      int result = Bits.getShort(block, positions[i]) ^ Bits.getShort(values, i);
      if ((result & 0x7C00) == 0x7C00) {
        bad = i;
      }
      Bits.putShort(block, positions[i], result);
    }
    return bad;
  }

  @Override
  public void deltas(byte[] base, byte[] fineTuned, int length, double[] into) {
    for (int i = 0; i < length; i++) {
      into[i] =
          Binary16.toFloat(Bits.getShort(fineTuned, i)) - Binary16.toFloat(Bits.getShort(base, i));
    }
  }
}
