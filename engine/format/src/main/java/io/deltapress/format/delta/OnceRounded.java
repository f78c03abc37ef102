package io.deltapress.format.delta;

import io.deltapress.format.tensor.DType;
import java.nio.ByteBuffer;

/** Elements of floating-point tensors as binary64: widened exactly, narrowed with one rounding. */
public final class OnceRounded {
  private static final int BFLOAT16_EXPONENT = 0x7F80;
  private static final int BINARY16_EXPONENT = 0x7C00;

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

  /** The value of the element nearest to a value, ties to even; infinite where there is none. */
  public static double nearest(DType dtype, double value) {
    return switch (dtype) {
      case BF16 -> BFloat16.toFloat(BFloat16.fromFloat(toOdd(value)));
      case F16 -> Binary16.toFloat(Binary16.fromFloat(toOdd(value)));
      case F32 -> (float) value;
      case F64 -> value;
      default -> throw new IllegalArgumentException("not a float: " + dtype);
    };
  }

  /**
   * Writes the element nearest to a value, ties to even, where a buffer stands.
   *
   * @return whether that element is finite
   */
  public static boolean put(DType dtype, ByteBuffer buffer, double value) {
    return switch (dtype) {
      case BF16 -> putHalf(buffer, BFloat16.fromFloat(toOdd(value)), BFLOAT16_EXPONENT);
      case F16 -> putHalf(buffer, Binary16.fromFloat(toOdd(value)), BINARY16_EXPONENT);
      case F32 -> {
        float nearest = (float) value;
        buffer.putFloat(nearest);
        yield Float.isFinite(nearest);
      }
      case F64 -> {
        buffer.putDouble(value);
        yield Double.isFinite(value);
      }
      default -> throw new IllegalArgumentException("not a float: " + dtype);
    };
  }

  private static boolean putHalf(ByteBuffer buffer, short bits, int exponent) {
    buffer.putShort(bits);
    return (bits & exponent) != exponent;
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
