package io.deltapress.djl.memory;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.index.NDIndex;

/**
 * Writes Java numbers into native memory.
 *
 * <p>An indexed assignment is the one way that does so: {@code put} returns a copy, {@code
 * set(Buffer)} and {@code copyTo} exchange the target's memory for the Java buffer's, which leaves
 * the array behind a view as it was, and prints a warning of PyTorch's to the console.
 */
public final class ArrayWriter {

  private ArrayWriter() {}

  /**
   * Overwrites a run of elements.
   *
   * @param target a float32 array that is not part of a recorded graph
   * @param firstElement row-major index of the first element
   * @param values the new values, copied
   */
  public static void write(NDArray target, long firstElement, float[] values) {
    try (NDScope scope = new NDScope()) {
      scope.suppressNotUsedWarning();
      NDArray borrowed = target.getManager().create(values);
      NDIndex range = new NDIndex(firstElement + ":" + (firstElement + values.length));
      target.reshape(-1).set(range, borrowed);
    }
  }

  /**
   * Overwrites single elements.
   *
   * @param target a float32 array that is not part of a recorded graph
   * @param elements row-major indices
   * @param values the new values, one per index; copied
   */
  public static void put(NDArray target, long[] elements, float[] values) {
    try (NDScope scope = new NDScope()) {
      scope.suppressNotUsedWarning();
      NDManager manager = target.getManager();
      NDIndex picked = new NDIndex("{}", manager.create(elements));
      target.reshape(-1).set(picked, manager.create(values));
    }
  }
}
