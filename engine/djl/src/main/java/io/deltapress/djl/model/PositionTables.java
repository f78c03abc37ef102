package io.deltapress.djl.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import io.deltapress.djl.memory.TensorRuntime;
import org.jspecify.annotations.Nullable;

/**
 * What depends on token positions only: rotary cosines and sines, and the causal mask.
 *
 * <p>Tables grow to the next power of two when a longer sequence comes, and outlive the scope of
 * the step that made them grow. StrictMath makes them the same on every JDK.
 */
final class PositionTables implements AutoCloseable {

  private final NDManager parent;
  private final LlamaConfig config;
  private final CausalMask mask;
  private @Nullable Tables tables;

  PositionTables(NDManager parent, LlamaConfig config) {
    this.parent = parent;
    this.config = config;
    this.mask = new CausalMask(parent);
  }

  /** Views for the positions from {@code first}, {@code count} of them. */
  Positions positions(int first, int count) {
    int end = first + count;
    SequenceLimit.require(end, config.maxPositions());
    Tables current = upTo(end);
    NDIndex rows = new NDIndex(first + ":" + end);
    return new Positions(
        current.cosines.get(rows), current.sines.get(rows), mask.rows(first, count));
  }

  private Tables upTo(int end) {
    Tables current = tables;
    if (current == null || current.capacity < end) {
      closeTables();
      current = new Tables(parent.newSubManager(), config, CausalMask.capacity(end));
      tables = current;
    }
    return current;
  }

  @Override
  public void close() {
    mask.close();
    closeTables();
  }

  private void closeTables() {
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

    Tables(NDManager manager, LlamaConfig config, int capacity) {
      this.manager = manager;
      this.capacity = capacity;
      float[] cos = new float[capacity * config.headSize()];
      float[] sin = new float[capacity * config.headSize()];
      fillRotary(config, cos, sin);
      Shape shape = new Shape(capacity, config.headSize());
      this.cosines = TensorRuntime.owned(manager, cos, shape);
      this.sines = TensorRuntime.owned(manager, sin, shape);
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
  }
}
