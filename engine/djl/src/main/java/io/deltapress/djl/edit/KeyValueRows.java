package io.deltapress.djl.edit;

/**
 * The signals of one layer, a row per token of an edit: the key is the layer's input u, the value
 * the gradient delta of the edit's loss with respect to the layer's output. Rows are in the order
 * of edits, then of tokens.
 *
 * <p>Arrays are not copied: nobody writes to them.
 *
 * @param inputs length of a key
 * @param outputs length of a value
 * @param edits which edit of the batch each row is of, counted from 0, ascending
 * @param tokens index of each row's token in its sequence
 * @param keys row-major [rows, inputs]
 * @param values row-major [rows, outputs]
 */
record KeyValueRows(
    int inputs, int outputs, int[] edits, int[] tokens, float[] keys, float[] values) {

  KeyValueRows {
    if (keys.length != edits.length * inputs
        || values.length != edits.length * outputs
        || tokens.length != edits.length) {
      throw new IllegalArgumentException("each row has one edit, one token, a key and a value");
    }
  }

  int rows() {
    return edits.length;
  }

  /** Index of the first row of an edit; that of the first row behind it if it has none. */
  int from(int edit) {
    int row = 0;
    while (row < edits.length && edits[row] < edit) {
      row++;
    }
    return row;
  }
}
