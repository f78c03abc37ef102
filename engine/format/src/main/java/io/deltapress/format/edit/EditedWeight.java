package io.deltapress.format.edit;

import io.deltapress.format.delta.LinearInput.Orientation;
import io.deltapress.format.lowrank.AccumulatedShift;
import io.deltapress.format.tensor.DType;
import io.deltapress.format.tensor.Shape;
import io.deltapress.format.tensor.TensorDigest;
import io.deltapress.format.tensor.TensorInfo;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The weight of a foundation that an edit shifts.
 *
 * @param foundation the weight as it is without any edit: a matrix of F16, BF16, F32 or F64
 * @param orientation how it is laid out, which the shape of a square matrix would not tell
 */
public record EditedWeight(TensorDigest foundation, Orientation orientation) {
  private static final Pattern LINE =
      Pattern.compile("([A-Z0-9_]+) (\\[[0-9,]*]) (out-in|in-out) ([0-9a-f]{64})");
  private static final String OUTPUT_INPUT = "out-in";
  private static final String INPUT_OUTPUT = "in-out";

  /**
   * @throws IllegalArgumentException if it is no matrix of floats, or one of no elements or of more
   *     rows or columns than 2^31 - 1
   */
  public EditedWeight {
    Shape shape = foundation.info().shape();
    if (!foundation.info().dtype().isFloat() || shape.rank() != 2 || shape.elementCount() == 0) {
      throw new IllegalArgumentException(
          "an edit cannot shift %s %s %s; only matrices of floats"
              .formatted(foundation.info().name(), foundation.info().dtype(), shape));
    }
    Math.toIntExact(Math.max(shape.dimension(0), shape.dimension(1)));
  }

  /** Its name. */
  public String name() {
    return foundation.info().name();
  }

  /** Inputs of the layer. */
  public int inputs() {
    return dimension(orientation == Orientation.OUTPUT_INPUT ? 1 : 0);
  }

  /** Outputs of the layer. */
  public int outputs() {
    return dimension(orientation == Orientation.OUTPUT_INPUT ? 0 : 1);
  }

  private int dimension(int axis) {
    return (int) foundation.info().shape().dimension(axis);
  }

  /** The sum of no edit of it. */
  AccumulatedShift noShift() {
    return AccumulatedShift.zero(dimension(0), dimension(1));
  }

  /** The value of its field in the metadata of an artifact. */
  String line() {
    return String.join(
        " ",
        foundation.info().dtype().name(),
        foundation.info().shape().canonicalForm(),
        orientation == Orientation.OUTPUT_INPUT ? OUTPUT_INPUT : INPUT_OUTPUT,
        foundation.sha256());
  }

  /** Reads what {@link #line} wrote; empty if it breaks a rule. */
  static Optional<EditedWeight> parse(String name, String line) {
    Matcher fields = LINE.matcher(line);
    Optional<DType> dtype = fields.matches() ? DType.of(fields.group(1)) : Optional.empty();
    if (dtype.isEmpty()) {
      return Optional.empty();
    }
    try {
      TensorInfo info = new TensorInfo(name, dtype.get(), Shape.parse(fields.group(2)));
      Orientation orientation =
          fields.group(3).equals(OUTPUT_INPUT)
              ? Orientation.OUTPUT_INPUT
              : Orientation.INPUT_OUTPUT;
      return Optional.of(new EditedWeight(new TensorDigest(info, fields.group(4)), orientation));
    } catch (IllegalArgumentException | ArithmeticException e) {
      return Optional.empty();
    }
  }
}
