package io.deltapress.format.delta;

/** F32, computed in binary32. */
final class F32Arithmetic implements DeltaArithmetic {
  private static final int INFINITY = 0x7F80_0000;

  @Override
  public int elementBytes() {
    return Integer.BYTES;
  }

  @Override
  public int drop(
      byte[] base, byte[] fineTuned, char[] positions, int count, double rescale, byte[] values) {
    float q = (float) rescale;
    int largest = 0;
    for (int i = 0; i < count; i++) {
      int position = positions[i];
      int old = Bits.getInt(base, position);
      int result = result(old, Bits.getInt(fineTuned, position), q);
      largest = Math.max(largest, result & Integer.MAX_VALUE);
      Bits.putInt(values, i, result ^ old);
    }
    return largest < INFINITY ? ALL_FINITE : firstInfinite(base, positions, count, values);
  }

  private static int result(int base, int fineTuned, float q) {
    float from = Float.intBitsToFloat(base);
    return Float.floatToRawIntBits(from + (Float.intBitsToFloat(fineTuned) - from) / q);
  }

  private static int firstInfinite(byte[] base, char[] positions, int count, byte[] values) {
    for (int i = 0; i < count; i++) {
      if (isInfinite(Bits.getInt(base, positions[i]) ^ Bits.getInt(values, i))) {
        return i;
      }
    }
    return ALL_FINITE;
  }

  private static boolean isInfinite(int bits) {
    return (bits & Integer.MAX_VALUE) >= INFINITY;
  }

  @Override
  public void rescale(
      byte[] base, byte[] fineTuned, char[] positions, int count, double rescale, float[] into) {
    float q = (float) rescale;
    for (int i = 0; i < count; i++) {
      float from = Float.intBitsToFloat(Bits.getInt(base, positions[i]));
      into[i] = (Float.intBitsToFloat(Bits.getInt(fineTuned, positions[i])) - from) / q;
    }
  }

  @Override
  public int add(byte[] block, char[] positions, int count, float[] rescaled) {
    int bad = ALL_FINITE;
    for (int i = count - 1; i >= 0; i--) {
      float from = Float.intBitsToFloat(Bits.getInt(block, positions[i]));
      int result = Float.floatToRawIntBits(from + rescaled[i]);
      if (isInfinite(result)) {
        bad = i;
      }
      Bits.putInt(block, positions[i], result);
    }
    return bad;
  }

  @Override
  public int flip(byte[] block, char[] positions, int count, byte[] values) {
    int bad = ALL_FINITE;
    for (int i = count - 1; i >= 0; i--) {
      int result = Bits.getInt(block, positions[i]) ^ Bits.getInt(values, i);
      if (isInfinite(result)) {
        bad = i;
      }
      Bits.putInt(block, positions[i], result);
    }
    return bad;
  }

  @Override
  public void deltas(byte[] base, byte[] fineTuned, int length, double[] into) {
    for (int i = 0; i < length; i++) {
      into[i] =
          Float.intBitsToFloat(Bits.getInt(fineTuned, i))
              - Float.intBitsToFloat(Bits.getInt(base, i));
    }
  }
}
