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
 * @param inputs length of an a
 * @param outputs length of a b
 * @param edits which edit of the batch each row is of, counted from 0, ascending
 * @param a row-major [rows, inputs]
 * @param b row-major [rows, outputs]
 * @param keys what the edits' shifts remember, row-major [rows, inputs]; empty for nothing
 */
record RowFactors(int inputs, int outputs, int[] edits, double[] a, double[] b, float[] keys) {

  /** Shifts that remember no keys. */
  RowFactors(int inputs, int outputs, int[] edits, double[] a, double[] b) {
    this(inputs, outputs, edits, a, b, new float[0]);
  }

  /**
   * Largest error of a shift, as a share of its Frobenius norm, that is accepted for a lower rank.
   */
  static final double TOLERANCE = 0.03;

  /** One row for each row of signals. */
  static RowFactors of(KeyValueRows rows, double[] a, double[] b) {
    return new RowFactors(rows.inputs(), rows.outputs(), rows.edits(), a, b);
  }

  /** One row for each row of signals, whose keys are remembered. */
  static RowFactors remembering(KeyValueRows rows, double[] a, double[] b) {
    return new RowFactors(rows.inputs(), rows.outputs(), rows.edits(), a, b, rows.keys());
  }

  private int from(int edit) {
    return KeyValueRows.firstOf(edits, edit);
  }

  /** The part of one edit. */
  private LowRankProduct product(int edit) {
    int from = from(edit);
    int to = from(edit + 1);
    return LowRankProduct.of(
        Arrays.copyOfRange(a, from * inputs, to * inputs),
        inputs,
        Arrays.copyOfRange(b, from * outputs, to * outputs),
        outputs);
  }

  private float[] keys(int edit) {
    return keys.length == 0
        ? keys
        : Arrays.copyOfRange(keys, from(edit) * inputs, from(edit + 1) * inputs);
  }

  /** Squared Frobenius norm of the part of one edit. */
  double squaredNorm(int edit) {
    double sum = 0;
    int to = from(edit + 1);
    for (int r = from(edit); r < to; r++) {
      for (int s = from(edit); s < to; s++) {
        sum += dot(a, r, s, inputs) * dot(b, r, s, outputs);
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
    for (int i = 0; i < scaled.length; i++) {
      scaled[i] *= byEdit[edits[i / outputs]];
    }
    return new RowFactors(inputs, outputs, edits, a, scaled);
  }

  /** Both sums. */
  RowFactors plus(RowFactors other) {
    Rows sum = new Rows(inputs, outputs);
    for (int edit = 0; edit < Math.max(editCount(), other.editCount()); edit++) {
      sum.add(this, edit);
      sum.add(other, edit);
    }
    return sum.toFactors();
  }

  private int editCount() {
    return edits.length == 0 ? 0 : edits[edits.length - 1] + 1;
  }

  /** The same sum but for an error, with the fewest rows for each edit. */
  RowFactors compressed(double tolerance) {
    Rows fewer = new Rows(inputs, outputs);
    for (int edit = 0; edit < editCount(); edit++) {
      int of = edit;
      product(edit).shift("", tolerance).ifPresent(shift -> fewer.add(shift, of));
    }
    return fewer.toFactors();
  }

  /** Gathers rows, edit by edit. */
  private static final class Rows {
    private final int inputs;
    private final int outputs;
    private final List<Integer> edits = new ArrayList<>();
    private final List<double[]> a = new ArrayList<>();
    private final List<double[]> b = new ArrayList<>();

    Rows(int inputs, int outputs) {
      this.inputs = inputs;
      this.outputs = outputs;
    }

    void add(RowFactors from, int edit) {
      for (int row = from.from(edit); row < from.from(edit + 1); row++) {
        edits.add(edit);
        a.add(Arrays.copyOfRange(from.a, row * inputs, (row + 1) * inputs));
        b.add(Arrays.copyOfRange(from.b, row * outputs, (row + 1) * outputs));
      }
    }

    void add(LowRankShift shift, int edit) {
      for (int r = 0; r < shift.rank(); r++) {
        double[] key = new double[inputs];
        for (int i = 0; i < inputs; i++) {
          key[i] = shift.a()[r * inputs + i];
        }
        double[] value = new double[outputs];
        for (int o = 0; o < outputs; o++) {
          value[o] = shift.b()[o * shift.rank() + r];
        }
        edits.add(edit);
        a.add(key);
        b.add(value);
      }
    }

    RowFactors toFactors() {
      int[] ofEdits = edits.stream().mapToInt(Integer::intValue).toArray();
      return new RowFactors(inputs, outputs, ofEdits, joined(a, inputs), joined(b, outputs));
    }

    private static double[] joined(List<double[]> rows, int length) {
      double[] joined = new double[rows.size() * length];
      for (int row = 0; row < rows.size(); row++) {
        System.arraycopy(rows.get(row), 0, joined, row * length, length);
      }
      return joined;
    }
  }

  /**
   * Makes the results of a batch.
   *
   * @param edits the requests; those that ask for something new are the edits of the rows
   * @param factors by name of the weight, in the order of the layers
   * @param tolerance largest error of a shift that is accepted for a lower rank, as a share of its
   *     Frobenius norm
   * @param started when the batch was begun, by {@link System#nanoTime}
   */
  static List<ComputedEdit> edits(
      PreparedEdits edits,
      Map<String, RowFactors> factors,
      double tolerance,
      long started,
      EditListener listener) {
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
            float[] keys = layer.keys(row);
            product
                .shift(weight, tolerance)
                .map(shift -> shift.withKeys(keys))
                .ifPresent(shifts.get(request)::add);
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
