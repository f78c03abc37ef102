package io.deltapress.djl.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import org.jspecify.annotations.Nullable;

/**
 * What depends on token positions only: rotary cosines and sines, and the causal mask.
 *
 * <p>Tables grow to the next power of two when a longer sequence comes, and outlive the scope of
 * the step that made them grow. StrictMath makes them the same on every JDK.
 */
final class PositionTables implements AutoCloseable {

  private static final int SMALLEST = 64;

  private final NDManager parent;
  private final LlamaConfig config;
  private @Nullable Tables tables;

  PositionTables(NDManager parent, LlamaConfig config) {
    this.parent = parent;
    this.config = config;
  }

  /** Views for the positions from {@code first}, {@code count} of them. */
  Positions positions(int first, int count) {
    int end = first + count;
    if (end > config.maxPositions()) {
      throw new IllegalArgumentException(
          "a sequence of %d tokens exceeds max_position_embeddings %d"
              .formatted(end, config.maxPositions()));
    }
    Tables current = upTo(end);
    NDIndex rows = new NDIndex(first + ":" + end);
    return new Positions(
        current.cosines.get(rows),
        current.sines.get(rows),
        current.mask.get(new NDIndex("%d:%d,0:%d".formatted(first, end, end))));
  }

  private Tables upTo(int end) {
    Tables current = tables;
    if (current == null || current.capacity < end) {
      close();
      current = new Tables(parent.newSubManager(), config, capacity(end));
      tables = current;
    }
    return current;
  }

  private static int capacity(int end) {
    return Math.max(SMALLEST, Integer.highestOneBit(Math.max(1, end - 1)) << 1);
  }

  @Override
  public void close() {
    if (tables != null) {
      tables.manager.close();
      tables = null;
    }
  }

  /**
   * Slices of the tables.
   *
   * @param cosines [count, headSize]
   * @param sines [count, headSize], the first half negated
   * @param mask [count, first + count], 0 where a token may look and -infinity where not
   */
  record Positions(NDArray cosines, NDArray sines, NDArray mask) {}

  private static final class Tables {
    final NDManager manager;
    final int capacity;
    final NDArray cosines;
    final NDArray sines;
    final NDArray mask;

    Tables(NDManager manager, LlamaConfig config, int capacity) {
      this.manager = manager;
      this.capacity = capacity;
      float[] cos = new float[capacity * config.headSize()];
      float[] sin = new float[capacity * config.headSize()];
      fillRotary(config, cos, sin);
      Shape shape = new Shape(capacity, config.headSize());
      this.cosines = owned(cos, shape);
      this.sines = owned(sin, shape);
      this.mask = owned(causal(capacity), new Shape(capacity, capacity));
    }

    private void fillRotary(LlamaConfig config, float[] cos, float[] sin) {
      int half = config.headSize() / 2;
      for (int pair = 0; pair < half; pair++) {
        double frequency = 1.0 / StrictMath.pow(config.ropeTheta(), 2.0 * pair / config.headSize());
        for (int position = 0; position < capacity; position++) {
          int at = position * config.headSize() + pair;
          float cosine = (float) StrictMath.cos(position * frequency);
          float sine = (float) StrictMath.sin(position * frequency);
          cos[at] = cosine;
          cos[at + half] = cosine;
          sin[at] = -sine;
          sin[at + half] = sine;
        }
      }
    }

    private static float[] causal(int size) {
      float[] mask = new float[size * size];
      for (int row = 0; row < size; row++) {
        for (int column = row + 1; column < size; column++) {
          mask[row * size + column] = Float.NEGATIVE_INFINITY;
        }
      }
      return mask;
    }

    /** A copy that owns its memory and survives the caller's scope. */
    private NDArray owned(float[] values, Shape shape) {
      try (NDArray borrowed = manager.create(values, shape)) {
        NDArray copy = borrowed.duplicate();
        NDScope.unregister(copy);
        return copy;
      }
    }
  }
}
