package io.deltapress.djl.edit;

import java.util.Arrays;

/** Rows of numbers, one after the other, whose count is not known beforehand. */
final class FloatRows {

  private float[] values = {};
  private int size;

  void add(float[] from, int first, int count) {
    if (size + count > values.length) {
      values = Arrays.copyOf(values, Math.max(2 * values.length, size + count));
    }
    System.arraycopy(from, first, values, size, count);
    size += count;
  }

  float[] toArray() {
    return Arrays.copyOf(values, size);
  }
}
