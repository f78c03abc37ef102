package io.deltapress.format.mask;

import io.deltapress.format.tensor.TensorInfo;

/** Masks that are drawn again from a seed. Immutable; safe for use by several threads. */
@FunctionalInterface
public interface DrawnMasks {

  /** The mask of a tensor, from its first block on. */
  MaskCursor cursor(TensorInfo tensor);
}
