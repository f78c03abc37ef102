package io.deltapress.format.lora;

import io.deltapress.format.delta.BFloat16;
import io.deltapress.format.delta.Binary16;
import io.deltapress.format.tensor.DType;
import java.nio.ByteBuffer;

/** Elements of floating-point tensors as binary64: widened exactly, narrowed with one rounding. */
public final class OnceRounded {
  private OnceRounded() {}

  /** Reads an element from where a buffer stands. */
  public static double get(DType dtype, ByteBuffer buffer) {
    return switch (dtype) {
      case BF16 -> BFloat16.toFloat(buffer.getShort());
      case F16 -> Binary16.toFloat(buffer.getShort());
      case F32 -> buffer.getFloat();
      case F64 -> buffer.getDouble();
      default -> throw new IllegalArgumentException("not a float: " + dtype);
    };
  }

  /** Writes the element nearest to a value, ties to even, where a buffer stands. */
  public static void put(DType dtype, ByteBuffer buffer, double value) {
    switch (dtype) {
      case BF16 -> buffer.putShort(BFloat16.fromFloat(toOdd(value)));
      case F16 -> buffer.putShort(Binary16.fromFloat(toOdd(value)));
      case F32 -> buffer.putFloat((float) value);
      case F64 -> buffer.putDouble(value);
      default -> throw new IllegalArgumentException("not a float: " + dtype);
    }
  }

  /**
   * A binary32 that rounds to any narrower format as the value itself does (Boldo and Melquiond,
   * "Emulation of FMA and correctly rounded sums", 2008): where it is not exact it has its last bit
   * set, so that it is never taken for a tie.
   */
  static float toOdd(double value) {
    float nearest = (float) value;
    if (nearest == value || Double.isNaN(value)) {
      return nearest;
    }
    int bits = Float.floatToRawIntBits(nearest);
    int towardZero = Math.abs((double) nearest) > Math.abs(value) ? bits - 1 : bits;
    return Float.intBitsToFloat(towardZero | 1);
  }
}
