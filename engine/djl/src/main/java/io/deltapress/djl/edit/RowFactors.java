package io.deltapress.djl.edit;

import io.deltapress.format.edit.LowRankShift;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * The shift of one layer as a sum over rows, b_r a_r^T, each row being of one edit: so each edit
 * has a shift of its own, whatever was solved for together.
 *
 * @param rows which edit each row is of
 * @param a row-major [rows, inputs]
 * @param b row-major [rows, outputs]
 */
record RowFactors(KeyValueRows rows, double[] a, double[] b) {

  /**
   * Largest error of a shift, as a share of its Frobenius norm, that is accepted for a lower rank.
   */
  static final double TOLERANCE = 1e-3;

  /** The part of one edit. */
  private LowRankProduct product(int edit) {
    int from = rows.from(edit);
    int to = rows.from(edit + 1);
    return LowRankProduct.of(
        Arrays.copyOfRange(a, from * rows.inputs(), to * rows.inputs()),
        rows.inputs(),
        Arrays.copyOfRange(b, from * rows.outputs(), to * rows.outputs()),
        rows.outputs());
  }

  /** Squared Frobenius norm of the part of one edit. */
  double squaredNorm(int edit) {
    double sum = 0;
    int to = rows.from(edit + 1);
    for (int r = rows.from(edit); r < to; r++) {
      for (int s = rows.from(edit); s < to; s++) {
        sum += dot(a, r, s, rows.inputs()) * dot(b, r, s, rows.outputs());
      }
    }
    return Math.max(0, sum);
  }

  private static double dot(double[] matrix, int first, int second, int length) {
    double sum = 0;
    for (int i = 0; i < length; i++) {
      sum += matrix[first * length + i] * matrix[second * length + i];
    }
    return sum;
  }

  /** The same with the part of each edit multiplied by a number. */
  RowFactors scaled(double[] byEdit) {
    double[] scaled = b.clone();
    int outputs = rows.outputs();
    for (int i = 0; i < scaled.length; i++) {
      scaled[i] *= byEdit[rows.edits()[i / outputs]];
    }
    return new RowFactors(rows, a, scaled);
  }

  /**
   * Makes the results of a batch.
   *
   * @param edits the requests; those that ask for something new are the edits of the rows
   * @param factors by name of the weight, in the order of the layers
   * @param started when the batch was begun, by {@link System#nanoTime}
   */
  static List<ComputedEdit> edits(
      PreparedEdits edits, Map<String, RowFactors> factors, long started, EditListener listener) {
    int total = edits.requests().size();
    List<List<LowRankShift>> shifts = new ArrayList<>();
    double[] squaredNorms = new double[total];
    for (int i = 0; i < total; i++) {
      shifts.add(new ArrayList<>());
    }
    factors.forEach(
        (weight, layer) -> {
          for (int row = 0; row < edits.changed().size(); row++) {
            int request = edits.changed().get(row);
            LowRankProduct product = layer.product(row);
            squaredNorms[request] += product.norm() * product.norm();
            product.shift(weight, TOLERANCE).ifPresent(shifts.get(request)::add);
          }
        });
    double milliseconds = (System.nanoTime() - started) / 1e6 / total;
    List<ComputedEdit> computed = new ArrayList<>();
    for (int i = 0; i < total; i++) {
      int rank = shifts.get(i).stream().mapToInt(LowRankShift::rank).max().orElse(0);
      double norm = StrictMath.sqrt(squaredNorms[i]);
      computed.add(
          new ComputedEdit(edits.requests().get(i), shifts.get(i), norm, rank, milliseconds));
      listener.computed(computed.get(i), i + 1, total);
    }
    return computed;
  }
}
