package io.deltapress.format.tensor;

import java.util.Objects;

/**
 * What a header says of a tensor.
 *
 * @param name at most 4096 characters without control characters; not {@code __metadata__}
 * @param dtype type of the elements
 * @param shape dimensions; their elements fill whole bytes
 */
public record TensorInfo(String name, DType dtype, Shape shape) {

  /**
   * @throws IllegalArgumentException if the name is not allowed, or the size overflows or does not
   *     end on a byte boundary
   */
  public TensorInfo {
    Objects.requireNonNull(dtype);
    TensorNames.brokenRule(name)
        .ifPresent(
            rule -> {
              throw new IllegalArgumentException(rule);
            });
    dtype.byteLength(shape.elementCount());
  }

  /** Bytes of the tensor on disk. */
  public long byteLength() {
    return dtype.byteLength(shape.elementCount());
  }

  /** Number of elements. */
  public long elementCount() {
    return shape.elementCount();
  }
}
