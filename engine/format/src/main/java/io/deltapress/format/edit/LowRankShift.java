package io.deltapress.format.edit;

import io.deltapress.format.delta.LinearInput.Orientation;
import io.deltapress.format.lowrank.LowRankProduct;
import java.util.Arrays;
import java.util.OptionalInt;

/**
 * What an edit adds to one weight: B · A of low rank. Immutable as long as nobody changes its
 * arrays, which are not copied.
 *
 * <p>It may remember its keys: what comes into the layer where the edit says its answer. The shift
 * is the same without them; editors that come later use them to leave this edit alone.
 *
 * @param weight name of the matrix
 * @param rank the rank r, positive
 * @param inputs of the layer, positive
 * @param outputs of the layer, positive
 * @param a A, row-major [rank, inputs]
 * @param b B, row-major [outputs, rank]
 * @param keys row-major [keys, inputs]; empty where none are remembered
 */
public record LowRankShift(
    String weight, int rank, int inputs, int outputs, float[] a, float[] b, float[] keys) {
  /** Most elements of A, B and keys together. */
  public static final long MAX_ELEMENTS = 1L << 26;

  /**
   * @throws IllegalArgumentException if a number is not positive, an array has another length than
   *     its shape, or A and B are longer than {@link #MAX_ELEMENTS}
   */
  public LowRankShift {
    if (rank < 1 || inputs < 1 || outputs < 1) {
      throw new IllegalArgumentException(
          "rank %d, inputs %d and outputs %d of a shift must be positive"
              .formatted(rank, inputs, outputs));
    }
    if (rank > MAX_ELEMENTS / ((long) inputs + outputs)) {
      throw new IllegalArgumentException(
          "a shift of rank %d of [%d, %d] has more than %d elements"
              .formatted(rank, outputs, inputs, MAX_ELEMENTS));
    }
    if (a.length != rank * inputs || b.length != outputs * rank) {
      throw new IllegalArgumentException(
          "A has %d elements and B %d, but [%d, %d] and [%d, %d] call for others"
              .formatted(a.length, b.length, rank, inputs, outputs, rank));
    }
    if (keys.length % inputs != 0) {
      throw new IllegalArgumentException(
          "%d elements of keys are no rows of %d inputs".formatted(keys.length, inputs));
    }
  }

  /** A shift that remembers no keys. */
  public LowRankShift(String weight, int rank, int inputs, int outputs, float[] a, float[] b) {
    this(weight, rank, inputs, outputs, a, b, new float[0]);
  }

  /** The same shift, remembering these keys. */
  public LowRankShift withKeys(float[] remembered) {
    return new LowRankShift(weight, rank, inputs, outputs, a, b, remembered);
  }

  /** How many keys are remembered. */
  int keyCount() {
    return keys.length / inputs;
  }

  /** Elements of both factors and of the keys. */
  public long elements() {
    return (long) a.length + b.length + keys.length;
  }

  /** The shift as a matrix laid out as that of the checkpoint. */
  public LowRankProduct product(Orientation orientation) {
    return LowRankProduct.of(a, b, rank, inputs, outputs, orientation);
  }

  /**
   * The Frobenius norm of B · A, computed from the factors alone: the square root of the trace of
   * (BᵀB)(AAᵀ), in binary64.
   */
  public double norm() {
    double squared = 0;
    for (int i = 0; i < rank; i++) {
      for (int j = 0; j < rank; j++) {
        squared += outputGram(i, j) * inputGram(i, j);
      }
    }
    // Rounding may take the square of nearly nothing below zero.
    return Math.sqrt(Math.max(0, squared));
  }

  private double inputGram(int i, int j) {
    double sum = 0;
    for (int k = 0; k < inputs; k++) {
      sum += (double) a[i * inputs + k] * a[j * inputs + k];
    }
    return sum;
  }

  private double outputGram(int i, int j) {
    double sum = 0;
    for (int k = 0; k < outputs; k++) {
      sum += (double) b[k * rank + i] * b[k * rank + j];
    }
    return sum;
  }

  /** Whether no element of the factors or keys is infinite or not a number. */
  public boolean isFinite() {
    return firstNonFiniteOfA().isEmpty()
        && firstNonFiniteOfB().isEmpty()
        && firstNonFiniteOfKeys().isEmpty();
  }

  /** Index of the first element of A that is infinite or not a number, if there is one. */
  OptionalInt firstNonFiniteOfA() {
    return firstNonFinite(a);
  }

  /** Index of the first element of B that is infinite or not a number, if there is one. */
  OptionalInt firstNonFiniteOfB() {
    return firstNonFinite(b);
  }

  /** Index of the first element of the keys that is infinite or not a number, if there is one. */
  OptionalInt firstNonFiniteOfKeys() {
    return firstNonFinite(keys);
  }

  private static OptionalInt firstNonFinite(float[] factor) {
    for (int i = 0; i < factor.length; i++) {
      if (!Float.isFinite(factor[i])) {
        return OptionalInt.of(i);
      }
    }
    return OptionalInt.empty();
  }

  /** Whether it is the same shift, number by number. */
  @Override
  public boolean equals(Object other) {
    return other instanceof LowRankShift that
        && weight.equals(that.weight)
        && rank == that.rank
        && inputs == that.inputs
        && outputs == that.outputs
        && Arrays.equals(a, that.a)
        && Arrays.equals(b, that.b)
        && Arrays.equals(keys, that.keys);
  }

  @Override
  public int hashCode() {
    return 31 * (31 * weight.hashCode() + Arrays.hashCode(a)) + Arrays.hashCode(b);
  }

  @Override
  public String toString() {
    return "LowRankShift[%s, rank %d of [%d, %d]]".formatted(weight, rank, outputs, inputs);
  }
}
