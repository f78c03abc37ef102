package io.deltapress.format.delta;

/** F64, computed in binary64. */
final class F64Arithmetic implements DeltaArithmetic {
  private static final long INFINITY = 0x7FF0_0000_0000_0000L;

  @Override
  public int elementBytes() {
    return Long.BYTES;
  }

  @Override
  public int drop(
      byte[] base, byte[] fineTuned, char[] positions, int count, double rescale, byte[] values) {
    double q = rescale;
    long largest = 0;
    for (int i = 0; i < count; i++) {
      int position = positions[i];
      long old = Bits.getLong(base, position);
      long result = result(old, Bits.getLong(fineTuned, position), q);
      largest = Math.max(largest, result & Long.MAX_VALUE);
      Bits.putLong(values, i, result ^ old);
    }
    return largest < INFINITY ? ALL_FINITE : firstInfinite(base, positions, count, values);
  }

  private static long result(long base, long fineTuned, double q) {
    double from = Double.longBitsToDouble(base);
    return Double.doubleToRawLongBits(from + (Double.longBitsToDouble(fineTuned) - from) / q);
  }

  private static int firstInfinite(byte[] base, char[] positions, int count, byte[] values) {
    for (int i = 0; i < count; i++) {
      if (isInfinite(Bits.getLong(base, positions[i]) ^ Bits.getLong(values, i))) {
        return i;
      }
    }
    return ALL_FINITE;
  }

  private static boolean isInfinite(long bits) {
    return (bits & Long.MAX_VALUE) >= INFINITY;
  }

  @Override
  public void rescale(
      byte[] base, byte[] fineTuned, char[] positions, int count, double rescale, float[] into) {
    double q = rescale;
    for (int i = 0; i < count; i++) {
      double from = Double.longBitsToDouble(Bits.getLong(base, positions[i]));
      into[i] =
          (float) ((Double.longBitsToDouble(Bits.getLong(fineTuned, positions[i])) - from) / q);
    }
  }

  @Override
  public int add(byte[] block, char[] positions, int count, float[] rescaled) {
    int bad = ALL_FINITE;
    for (int i = count - 1; i >= 0; i--) {
      double from = Double.longBitsToDouble(Bits.getLong(block, positions[i]));
      long result = Double.doubleToRawLongBits(from + rescaled[i]);
      if (isInfinite(result)) {
        bad = i;
      }
      Bits.putLong(block, positions[i], result);
    }
    return bad;
  }

  @Override
  public int flip(byte[] block, char[] positions, int count, byte[] values) {
    int bad = ALL_FINITE;
    for (int i = count - 1; i >= 0; i--) {
      long result = Bits.getLong(block, positions[i]) ^ Bits.getLong(values, i);
      if (isInfinite(result)) {
        bad = i;
      }
      Bits.putLong(block, positions[i], result);
    }
    return bad;
  }

  @Override
  public void deltas(byte[] base, byte[] fineTuned, int length, double[] into) {
    for (int i = 0; i < length; i++) {
      into[i] =
          Double.longBitsToDouble(Bits.getLong(fineTuned, i))
              - Double.longBitsToDouble(Bits.getLong(base, i));
    }
  }
}
