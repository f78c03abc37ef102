package io.deltapress.format.mask;

import io.deltapress.format.tensor.Shape;
import io.deltapress.format.tensor.TensorInfo;
import java.math.BigInteger;

/**
 * Draws masks that keep whole rows and columns of matrices: an element is kept if its row and its
 * column are, each with the square root of the keep probability. Tensors of another rank get the
 * plain mask. The algorithm is {@value #ID}, defined to the bit by {@code MASK.md}.
 *
 * <p>Immutable; safe for use by several threads.
 */
public final class StructuralMaskGenerator implements DrawnMasks {
  /** The name of the algorithm in artifacts. */
  public static final String ID = "dp-structural-1";

  private static final int MATRIX = 2;

  private final MaskGenerator plain;
  private final MaskGenerator perAxis;

  /**
   * A generator.
   *
   * @param seed any 64 bits
   * @param keep how likely an element of a matrix is kept
   */
  public StructuralMaskGenerator(long seed, KeepProbability keep) {
    this.plain = new MaskGenerator(seed, keep);
    this.perAxis = new MaskGenerator(seed, perAxis(keep));
  }

  /**
   * The probability with which a row is kept, and a column likewise: {@code floor(sqrt(k * 2^32)) /
   * 2^32}, found with integers so that it is the same everywhere.
   */
  public static KeepProbability perAxis(KeepProbability keep) {
    return new KeepProbability(
        BigInteger.valueOf(keep.k()).shiftLeft(Integer.SIZE).sqrt().longValueExact());
  }

  @Override
  public MaskCursor cursor(TensorInfo tensor) {
    Shape shape = tensor.shape();
    if (shape.rank() != MATRIX) {
      return plain.cursor(tensor);
    }
    String name = tensor.name();
    return new StructuralMask(
        new KeptIndices(perAxis.maskOfRows(name), shape.dimension(0)),
        new KeptIndices(perAxis.maskOfColumns(name), shape.dimension(1)));
  }
}
