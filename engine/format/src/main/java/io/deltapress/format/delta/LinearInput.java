package io.deltapress.format.delta;

import java.util.Arrays;

/**
 * What was measured of the inputs of a linear layer: for each input j the L2 norm ||x_j|| of its
 * values over all tokens of a calibration text. Immutable.
 */
public final class LinearInput {
  private final Orientation orientation;
  private final double[] norms;

  /** How the weight of a linear layer is laid out. */
  public enum Orientation {
    /** A row per output, as PyTorch's {@code Linear} has it: {@code [output, input]}. */
    OUTPUT_INPUT,
    /** A row per input, as GPT-2's {@code Conv1D} has it: {@code [input, output]}. */
    INPUT_OUTPUT
  }

  /**
   * @param norms one per input, in order; copied
   * @throws IllegalArgumentException if there are none, or one is negative or not finite
   */
  public LinearInput(Orientation orientation, double[] norms) {
    this.orientation = orientation;
    this.norms = norms.clone();
    if (norms.length == 0) {
      throw new IllegalArgumentException("a linear layer has at least one input");
    }
    for (int input = 0; input < norms.length; input++) {
      if (!(norms[input] >= 0 && norms[input] < Double.POSITIVE_INFINITY)) {
        throw new IllegalArgumentException(
            "the norm of input " + input + " is " + norms[input] + ", which no values have");
      }
    }
  }

  /** How the weight is laid out. */
  public Orientation orientation() {
    return orientation;
  }

  /** How many inputs the layer has. */
  public int inputs() {
    return norms.length;
  }

  /** The norm of one input, not negative. */
  public double norm(int input) {
    return norms[input];
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof LinearInput that
        && orientation == that.orientation
        && Arrays.equals(norms, that.norms);
  }

  @Override
  public int hashCode() {
    return 31 * orientation.hashCode() + Arrays.hashCode(norms);
  }

  @Override
  public String toString() {
    return "LinearInput[" + orientation + ", " + norms.length + " inputs]";
  }
}
