package io.deltapress.djl.edit;

import java.util.List;
import java.util.stream.IntStream;

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

  /** The keys in binary64, to solve with. */
  double[] wideKeys() {
    return wide(keys);
  }

  /** Keys in binary64. */
  static double[] wide(float[] keys) {
    double[] wide = new double[keys.length];
    for (int i = 0; i < wide.length; i++) {
      wide[i] = keys[i];
    }
    return wide;
  }

  /** The rows of some tokens only. */
  KeyValueRows only(List<PromptSequence> sequences, EditSignals.Tokens wanted) {
    int[] kept =
        IntStream.range(0, rows())
            .filter(row -> wanted.takes(sequences.get(edits[row]), tokens[row]))
            .toArray();
    float[] keptKeys = new float[kept.length * inputs];
    float[] keptValues = new float[kept.length * outputs];
    for (int to = 0; to < kept.length; to++) {
      System.arraycopy(keys, kept[to] * inputs, keptKeys, to * inputs, inputs);
      System.arraycopy(values, kept[to] * outputs, keptValues, to * outputs, outputs);
    }
    return new KeyValueRows(
        inputs,
        outputs,
        IntStream.of(kept).map(row -> edits[row]).toArray(),
        IntStream.of(kept).map(row -> tokens[row]).toArray(),
        keptKeys,
        keptValues);
  }

  /** Index of the first row of an edit; that of the first row behind it if it has none. */
  int from(int edit) {
    return firstOf(edits, edit);
  }

  /** Index of the first of ascending numbers that is not below another. */
  static int firstOf(int[] edits, int edit) {
    int row = 0;
    while (row < edits.length && edits[row] < edit) {
      row++;
    }
    return row;
  }
}
