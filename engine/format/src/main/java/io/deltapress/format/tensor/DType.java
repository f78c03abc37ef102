package io.deltapress.format.tensor;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Element types of the safetensors format; names are the wire form.
 *
 * <p>The order of declaration is part of the format: writers lay tensors out by descending order,
 * which puts the strictest alignment first.
 */
public enum DType {
  /** One byte, 0 or 1. */
  BOOL(8),
  /** Four-bit float, two to a byte. */
  F4(4),
  /** Six-bit float, two exponent and three mantissa bits, packed. */
  F6_E2M3(6),
  /** Six-bit float, three exponent and two mantissa bits, packed. */
  F6_E3M2(6),
  /** Unsigned byte. */
  U8(8),
  /** Signed byte. */
  I8(8),
  /** Eight-bit float, five exponent and two mantissa bits. */
  F8_E5M2(8),
  /** Eight-bit float, four exponent and three mantissa bits. */
  F8_E4M3(8),
  /** Eight-bit exponent without sign or mantissa, used for scales. */
  F8_E8M0(8),
  /** {@link #F8_E4M3} without negative zero and infinities. */
  F8_E4M3FNUZ(8),
  /** {@link #F8_E5M2} without negative zero and infinities. */
  F8_E5M2FNUZ(8),
  /** Signed 16-bit integer. */
  I16(16),
  /** Unsigned 16-bit integer. */
  U16(16),
  /** IEEE 754 binary16. */
  F16(16),
  /** The upper half of an IEEE 754 binary32. */
  BF16(16),
  /** Signed 32-bit integer. */
  I32(32),
  /** Unsigned 32-bit integer. */
  U32(32),
  /** IEEE 754 binary32. */
  F32(32),
  /** Complex number of two binary32. */
  C64(64),
  /** IEEE 754 binary64. */
  F64(64),
  /** Signed 64-bit integer. */
  I64(64),
  /** Unsigned 64-bit integer. */
  U64(64);

  private static final Map<String, DType> BY_NAME =
      Arrays.stream(values())
          .collect(Collectors.toUnmodifiableMap(Enum::name, Function.identity()));

  private final int bits;

  DType(int bits) {
    this.bits = bits;
  }

  /** Bits of one element: 4, 6, 8, 16, 32 or 64. */
  public int bits() {
    return bits;
  }

  /**
   * Whether a delta of such tensors can be pruned: true for F16, BF16, F32 and F64 only. The narrow
   * floats are always stored whole.
   */
  public boolean isFloat() {
    return switch (this) {
      case F16, BF16, F32, F64 -> true;
      default -> false;
    };
  }

  /**
   * Bytes of that many elements.
   *
   * @throws IllegalArgumentException if the elements do not fill whole bytes, or if 63 bits cannot
   *     hold their size in bits
   */
  public long byteLength(long elementCount) {
    long totalBits;
    try {
      totalBits = Math.multiplyExact(elementCount, (long) bits);
    } catch (ArithmeticException e) {
      throw new IllegalArgumentException(
          elementCount + " elements of " + this + " overflow a 63-bit size in bits", e);
    }
    if (totalBits % Byte.SIZE != 0) {
      throw new IllegalArgumentException(
          elementCount + " elements of " + this + " do not end on a byte boundary");
    }
    return totalBits / Byte.SIZE;
  }

  /** The type of that wire name, if the format has it. */
  public static Optional<DType> of(String name) {
    return Optional.ofNullable(BY_NAME.get(name));
  }
}
