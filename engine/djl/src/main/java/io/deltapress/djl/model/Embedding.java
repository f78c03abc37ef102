package io.deltapress.djl.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.SparseFormat;

/** Looks rows of a table up, with gradients for those looked up. */
final class Embedding {

  private Embedding() {}

  /** From ids of any shape and a table [rows, hidden] to [.., hidden]. */
  static NDArray lookUp(NDArray ids, NDArray table) {
    return table.getNDArrayInternal().embedding(ids, table, SparseFormat.DENSE).singletonOrThrow();
  }
}
