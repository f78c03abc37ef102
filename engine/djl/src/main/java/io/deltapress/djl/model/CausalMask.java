package io.deltapress.djl.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import io.deltapress.djl.memory.TensorRuntime;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Which earlier tokens a token may look at. Grows to the next power of two when a longer sequence
 * comes, and outlives the scope of the step that made it grow.
 */
final class CausalMask implements AutoCloseable {

  private static final int SMALLEST = 64;

  private final NDManager parent;
  private @Nullable NDManager owner;
  private @Nullable NDArray mask;

  CausalMask(NDManager parent) {
    this.parent = parent;
  }

  /**
   * Gives the rows of the tokens from {@code first} on.
   *
   * @return a view [count, first + count], 0 where a token may look and -infinity where not
   */
  NDArray rows(int first, int count) {
    int end = first + count;
    return upTo(end).get(new NDIndex(String.format(Locale.ROOT, "%d:%d,0:%d", first, end, end)));
  }

  private NDArray upTo(int end) {
    NDArray current = mask;
    if (current == null || current.getShape().get(0) < end) {
      close();
      int size = capacity(end);
      owner = parent.newSubManager();
      current = TensorRuntime.owned(owner, causal(size), new Shape(size, size));
      mask = current;
    }
    return current;
  }

  /** The number of positions that a table for this many is made for. */
  static int capacity(int end) {
    return Math.max(SMALLEST, Integer.highestOneBit(Math.max(1, end - 1)) << 1);
  }

  private static float[] causal(int size) {
    float[] mask = new float[Math.multiplyExact(size, size)];
    for (int row = 0; row < size; row++) {
      for (int column = row + 1; column < size; column++) {
        mask[row * size + column] = Float.NEGATIVE_INFINITY;
      }
    }
    return mask;
  }

  @Override
  public void close() {
    if (owner != null) {
      owner.close();
      owner = null;
      mask = null;
    }
  }
}
