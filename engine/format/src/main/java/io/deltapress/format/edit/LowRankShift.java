package io.deltapress.format.edit;

import java.util.Arrays;

/**
 * What an edit adds to one weight: the product B · A of its factors, [outputs, inputs]. A matrix
 * that is stored [inputs, outputs] gets its transpose.
 *
 * <p>The arrays are the record's own by agreement, and are not copied: nobody writes to them.
 *
 * @param weight name of the matrix
 * @param rank columns of B and rows of A, positive
 * @param inputs length of the layer's input, positive
 * @param outputs length of the layer's output, positive
 * @param a row-major [rank, inputs], finite
 * @param b row-major [outputs, rank], finite
 */
public record LowRankShift(String weight, int rank, int inputs, int outputs, float[] a, float[] b) {

  /** Checks sizes and values. */
  public LowRankShift {
    if (rank < 1 || inputs < 1 || outputs < 1) {
      throw new IllegalArgumentException(
          "shift of %s: rank, inputs and outputs must be positive, not %d, %d and %d"
              .formatted(weight, rank, inputs, outputs));
    }
    require(weight, "A", a, (long) rank * inputs);
    require(weight, "B", b, (long) outputs * rank);
  }

  private static void require(String weight, String factor, float[] values, long length) {
    if (values.length != length) {
      throw new IllegalArgumentException(
          "shift of %s: factor %s has %d values, its shape asks for %d"
              .formatted(weight, factor, values.length, length));
    }
    for (float value : values) {
      if (!Float.isFinite(value)) {
        throw new IllegalArgumentException(
            "shift of %s: factor %s holds %s; only finite values are stored"
                .formatted(weight, factor, value));
      }
    }
  }

  /** Equal if name, sizes and all values are. */
  @Override
  public boolean equals(Object other) {
    return other instanceof LowRankShift shift
        && weight.equals(shift.weight)
        && rank == shift.rank
        && inputs == shift.inputs
        && outputs == shift.outputs
        && Arrays.equals(a, shift.a)
        && Arrays.equals(b, shift.b);
  }

  @Override
  public int hashCode() {
    return 31 * (31 * weight.hashCode() + Arrays.hashCode(a)) + Arrays.hashCode(b);
  }

  @Override
  public String toString() {
    return "%s: rank %d, [%d, %d]".formatted(weight, rank, outputs, inputs);
  }
}
