package io.deltapress.format.delta;

import io.deltapress.format.tensor.DType;

/**
 * The arithmetic of a delta in one dtype. At a kept position the result is
 *
 * <pre>r = round_to_dtype(base + round32(delta / q)),   delta = round32(fineTuned - base)</pre>
 *
 * in binary32 for F32, BF16 and F16, whose elements are widened first, and in binary64 for F64. The
 * factor q is rounded to binary32 where the arithmetic is.
 *
 * <p>All methods work on one block. {@code base} and {@code fineTuned} are its elements,
 * little-endian; {@code positions} are ascending positions in the block, of which the first {@code
 * count} are meant. Implementations have no state and are safe for use by several threads.
 */
public sealed interface DeltaArithmetic
    permits Bf16Arithmetic, F16Arithmetic, F32Arithmetic, F64Arithmetic {

  /** What a method returns when every result is finite. */
  int ALL_FINITE = -1;

  /**
   * The arithmetic of a dtype.
   *
   * @throws IllegalArgumentException if deltas of the dtype cannot be pruned
   */
  static DeltaArithmetic of(DType dtype) {
    return switch (dtype) {
      case BF16 -> new Bf16Arithmetic();
      case F16 -> new F16Arithmetic();
      case F32 -> new F32Arithmetic();
      case F64 -> new F64Arithmetic();
      default -> throw new IllegalArgumentException("deltas of " + dtype + " cannot be pruned");
    };
  }

  /** Bytes of an element. */
  int elementBytes();

  /**
   * Computes the result at the kept positions as the bits by which it differs from the base.
   *
   * @param rescale the factor q, positive and finite
   * @param values receives {@code bits(r) XOR bits(base)}, one element per kept position
   * @return {@link #ALL_FINITE}, or the index in {@code positions} of the first result that is not
   *     finite
   */
  int drop(
      byte[] base, byte[] fineTuned, char[] positions, int count, double rescale, byte[] values);

  /**
   * Computes the rescaled deltas at the kept positions, rounded to binary32 in every dtype.
   *
   * @param rescale the factor q, positive and finite
   * @param into receives one value per kept position, not necessarily finite
   */
  void rescale(
      byte[] base, byte[] fineTuned, char[] positions, int count, double rescale, float[] into);

  /**
   * Turns the kept positions of a block into their results, in place.
   *
   * @param rescaled rescaled deltas, one per kept position
   * @return {@link #ALL_FINITE}, or the index in {@code positions} of the first result that is not
   *     finite
   */
  int add(byte[] block, char[] positions, int count, float[] rescaled);

  /**
   * Flips bits at the kept positions of a block, in place.
   *
   * @param values what {@link #drop} computed; doing it twice restores the block
   * @return {@link #ALL_FINITE}, or the index in {@code positions} of the first element that is not
   *     finite afterwards
   */
  int flip(byte[] block, char[] positions, int count, byte[] values);

  /**
   * Computes all deltas of a block, {@code fineTuned - base} in the precision of the arithmetic.
   *
   * @param length elements of the block
   * @param into receives one delta per element
   */
  void deltas(byte[] base, byte[] fineTuned, int length, double[] into);
}
