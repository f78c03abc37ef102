package io.deltapress.format.tensor;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Dimensions of a tensor, outermost first; elements are stored row-major. No dimensions mean a
 * scalar of one element; a dimension of zero means no elements.
 */
public final class Shape {
  /** Most dimensions a tensor may have, as in NumPy and PyTorch. */
  public static final int MAX_RANK = 64;

  /** Largest dimension or offset the format allows: 2^48 - 1. */
  public static final long MAX_SIZE = (1L << 48) - 1;

  private final long[] dimensions;
  private final long elementCount;

  private Shape(long[] dimensions) {
    this.dimensions = dimensions;
    this.elementCount = product(dimensions);
  }

  /**
   * The shape of these dimensions.
   *
   * @throws IllegalArgumentException if there are more than {@link #MAX_RANK}, one is negative or
   *     larger than {@link #MAX_SIZE}, or 63 bits cannot hold their product
   */
  public static Shape of(long... dimensions) {
    if (dimensions.length > MAX_RANK) {
      throw new IllegalArgumentException(
          "shape has " + dimensions.length + " dimensions; the most is " + MAX_RANK);
    }
    for (long dimension : dimensions) {
      requireSize(dimension);
    }
    return new Shape(dimensions.clone());
  }

  /**
   * Reads what {@link #canonicalForm} wrote.
   *
   * @throws IllegalArgumentException if it is no such text, or one of a shape that is not allowed
   */
  public static Shape parse(String canonicalForm) {
    if (!canonicalForm.startsWith("[") || !canonicalForm.endsWith("]")) {
      throw new IllegalArgumentException("no shape: " + canonicalForm);
    }
    String inner = canonicalForm.substring(1, canonicalForm.length() - 1);
    return inner.isEmpty()
        ? of()
        : of(Arrays.stream(inner.split(",", -1)).mapToLong(Long::parseLong).toArray());
  }

  private static void requireSize(long dimension) {
    if (dimension < 0) {
      throw new IllegalArgumentException("dimension " + dimension + " is negative");
    }
    if (dimension > MAX_SIZE) {
      throw new IllegalArgumentException(
          "dimension " + dimension + " is larger than 2^48 - 1, the largest of the format");
    }
  }

  private static long product(long[] dimensions) {
    long product = 1;
    try {
      for (long dimension : dimensions) {
        product = Math.multiplyExact(product, dimension);
      }
    } catch (ArithmeticException e) {
      throw new IllegalArgumentException(
          "product of shape " + Arrays.toString(dimensions) + " overflows 63 bits", e);
    }
    return product;
  }

  /** Number of elements: the product of the dimensions, 1 for a scalar. */
  public long elementCount() {
    return elementCount;
  }

  /** The dimensions, outermost first; unmodifiable. */
  public List<Long> dimensions() {
    return Arrays.stream(dimensions).boxed().toList();
  }

  /** The dimension of one axis, 0 being the outermost. */
  public long dimension(int axis) {
    return dimensions[axis];
  }

  /** Number of dimensions; 0 for a scalar. */
  public int rank() {
    return dimensions.length;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Shape that && Arrays.equals(dimensions, that.dimensions);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(dimensions);
  }

  /** For people: {@code [2, 3]}; {@code []} for a scalar. */
  @Override
  public String toString() {
    return Arrays.toString(dimensions);
  }

  /** The canonical form in JSON and in digests: {@code [2,3]}, without spaces. */
  public String canonicalForm() {
    return Arrays.stream(dimensions)
        .mapToObj(Long::toString)
        .collect(Collectors.joining(",", "[", "]"));
  }
}
