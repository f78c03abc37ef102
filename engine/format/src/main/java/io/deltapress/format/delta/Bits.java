package io.deltapress.format.delta;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Little-endian elements of a byte array, addressed by element. */
final class Bits {
  private static final VarHandle SHORTS = view(short[].class);
  private static final VarHandle INTS = view(int[].class);
  private static final VarHandle LONGS = view(long[].class);

  private Bits() {}

  private static VarHandle view(Class<?> arrayClass) {
    return MethodHandles.byteArrayViewVarHandle(arrayClass, ByteOrder.LITTLE_ENDIAN);
  }

  static short getShort(byte[] bytes, int element) {
    return (short) SHORTS.get(bytes, element * Short.BYTES);
  }

  static void putShort(byte[] bytes, int element, int value) {
    SHORTS.set(bytes, element * Short.BYTES, (short) value);
  }

  static int getInt(byte[] bytes, int element) {
    return (int) INTS.get(bytes, element * Integer.BYTES);
  }

  static void putInt(byte[] bytes, int element, int value) {
    INTS.set(bytes, element * Integer.BYTES, value);
  }

  static long getLong(byte[] bytes, int element) {
    return (long) LONGS.get(bytes, element * Long.BYTES);
  }

  static void putLong(byte[] bytes, int element, long value) {
    LONGS.set(bytes, element * Long.BYTES, value);
  }
}
