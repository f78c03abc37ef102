package io.deltapress.djl.edit;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

/**
 * Normalised rows of several edits with the same number of rows each, filled up by zeros.
 *
 * @param edits how many edits
 * @param most rows of an edit, at least 1
 * @param dimensions of a row
 * @param values row-major [edits * most, dimensions]
 * @param real [edits * most], 1 for a row of an edit and 0 for one that fills up
 */
record PaddedRows(int edits, int most, int dimensions, float[] values, float[] real) {

  static PaddedRows of(KeyValueRows rows, double[] normalised, int edits) {
    int most = 1;
    for (int edit = 0; edit < edits; edit++) {
      most = Math.max(most, rows.from(edit + 1) - rows.from(edit));
    }
    int dimensions = rows.inputs() + rows.outputs();
    float[] values = new float[edits * most * dimensions];
    float[] real = new float[edits * most];
    for (int edit = 0; edit < edits; edit++) {
      int first = rows.from(edit);
      for (int row = first; row < rows.from(edit + 1); row++) {
        int to = edit * most + row - first;
        real[to] = 1;
        for (int i = 0; i < dimensions; i++) {
          values[to * dimensions + i] = (float) normalised[row * dimensions + i];
        }
      }
    }
    return new PaddedRows(edits, most, dimensions, values, real);
  }

  /** Borrows Java memory: to be kept open until a recorded graph was walked back. */
  NDArray values(NDManager manager) {
    return manager.create(values, new Shape((long) edits * most, dimensions));
  }

  /** As {@link #values(NDManager)}. */
  NDArray real(NDManager manager) {
    return manager.create(real, new Shape((long) edits * most, 1));
  }
}
