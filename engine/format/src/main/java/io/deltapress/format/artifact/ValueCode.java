package io.deltapress.format.artifact;

import io.deltapress.format.tensor.DType;
import java.util.Optional;

/** How kept values are written. */
public enum ValueCode implements WireName {
  /** The bits by which the result differs from the base: exact, and undone by doing it again. */
  EXACT("exact"),
  /** The rescaled delta, rounded to bfloat16. */
  BF16("bf16"),
  /** The rescaled delta, rounded to binary16. */
  F16("f16"),
  /** The rescaled delta as a signed byte times the scale of its group. */
  INT8("int8"),
  /** The rescaled delta as a signed half byte times the scale of its group. */
  INT4("int4");

  /** Kept values that share a scale; the last group of a block may be smaller. */
  public static final int GROUP = 128;

  private final String wireName;

  ValueCode(String wireName) {
    this.wireName = wireName;
  }

  @Override
  public String wireName() {
    return wireName;
  }

  /** The code of that wire name, if there is one. */
  public static Optional<ValueCode> of(String wireName) {
    return WireName.find(ValueCode.class, wireName);
  }

  /** Whether each group of values has a scale. */
  boolean hasScales() {
    return this == INT8 || this == INT4;
  }

  /** The type of the stored values of a tensor. */
  DType storedAs(DType tensor) {
    return switch (this) {
      case EXACT ->
          switch (tensor.bits()) {
            case 16 -> DType.U16;
            case 32 -> DType.U32;
            default -> DType.U64;
          };
      case BF16 -> DType.BF16;
      case F16 -> DType.F16;
      case INT8 -> DType.I8;
      case INT4 -> DType.U8;
    };
  }

  /** Bytes of the stored values of a block. */
  int valueBytes(int count, DType tensor) {
    return this == INT4 ? (count + 1) / 2 : (int) storedAs(tensor).byteLength(count);
  }

  /** Bytes of the scales of a block. */
  int scaleBytes(int count) {
    return hasScales() ? (count + GROUP - 1) / GROUP * Short.BYTES : 0;
  }
}
