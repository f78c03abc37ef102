package io.deltapress.djl.edit;

import io.deltapress.djl.model.LinearLayer;
import io.deltapress.djl.model.ModelWeights;
import io.deltapress.format.BadInputException;
import io.deltapress.format.delta.LinearInput.Orientation;
import io.deltapress.format.delta.OnceRounded;
import io.deltapress.format.edit.LowRankShift;
import io.deltapress.format.tensor.DType;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One weight of a model as a list of edits makes it: {@code round(W + acc)} in the type of the
 * foundation, where {@code acc} begins at 0 and takes in, for each edit in the order of the list
 * and each rank in ascending order, {@code B[o][r] * A[r][i]}, all in binary64 and without fused
 * multiply-add. The one rounding is to nearest even, so edits never accumulate rounding, and the
 * sum over the edits before can be kept while edits are added behind them.
 */
final class EditedWeight {

  private final ModelWeights weights;
  private final LinearLayer layer;
  private final DType dtype;
  private final float[] foundation;
  private final double[] sum;
  private final Map<String, LowRankShift> shifts = new LinkedHashMap<>();

  private EditedWeight(ModelWeights weights, LinearLayer layer, DType dtype, float[] foundation) {
    this.weights = weights;
    this.layer = layer;
    this.dtype = dtype;
    this.foundation = foundation;
    this.sum = new double[foundation.length];
  }

  /** Begins with a weight as it is now, which no edit changed yet. */
  static EditedWeight of(ModelWeights weights, LinearLayer layer, DType dtype) {
    return new EditedWeight(weights, layer, dtype, weights.read(layer.weight()));
  }

  /** Adds an edit behind the others. */
  void add(String editId, LowRankShift shift) throws BadInputException {
    shifts.put(editId, shift);
    accumulate(shift);
    float[] values = rounded();
    for (float value : values) {
      if (!Float.isFinite(value)) {
        throw new BadInputException(
            "edit %s: tensor %s would no longer be finite; reject the edit"
                .formatted(BadInputException.quote(editId), layer.weight()));
      }
    }
    weights.write(layer.weight(), 0, values);
  }

  /** Leaves an edit out and sums up anew: nothing is subtracted. */
  void remove(String editId) {
    if (shifts.remove(editId) == null) {
      return;
    }
    if (shifts.isEmpty()) {
      reset();
      return;
    }
    Arrays.fill(sum, 0);
    shifts.values().forEach(this::accumulate);
    weights.write(layer.weight(), 0, rounded());
  }

  void clear() {
    if (!shifts.isEmpty()) {
      shifts.clear();
      reset();
    }
  }

  /** Without an edit the foundation's own bits stay, the sign of a zero too. */
  private void reset() {
    Arrays.fill(sum, 0);
    weights.write(layer.weight(), 0, foundation);
  }

  private void accumulate(LowRankShift shift) {
    if (layer.orientation() == Orientation.OUTPUT_INPUT) {
      addOuterProducts(shift);
    } else {
      addTransposedProducts(shift);
    }
  }

  private void addOuterProducts(LowRankShift shift) {
    int inputs = shift.inputs();
    int rank = shift.rank();
    float[] a = shift.a();
    for (int o = 0; o < shift.outputs(); o++) {
      int row = o * inputs;
      for (int r = 0; r < rank; r++) {
        double factor = shift.b()[o * rank + r];
        int from = r * inputs;
        for (int i = 0; i < inputs; i++) {
          sum[row + i] += factor * a[from + i];
        }
      }
    }
  }

  private void addTransposedProducts(LowRankShift shift) {
    int inputs = shift.inputs();
    int outputs = shift.outputs();
    int rank = shift.rank();
    double[] column = new double[outputs];
    for (int r = 0; r < rank; r++) {
      for (int o = 0; o < outputs; o++) {
        column[o] = shift.b()[o * rank + r];
      }
      for (int i = 0; i < inputs; i++) {
        double factor = shift.a()[r * inputs + i];
        int row = i * outputs;
        for (int o = 0; o < outputs; o++) {
          sum[row + o] += column[o] * factor;
        }
      }
    }
  }

  private float[] rounded() {
    float[] values = new float[sum.length];
    ByteBuffer element = ByteBuffer.allocate(Double.BYTES);
    for (int i = 0; i < values.length; i++) {
      element.clear();
      OnceRounded.put(dtype, element, foundation[i] + sum[i]);
      values[i] = (float) OnceRounded.get(dtype, element.flip());
    }
    return values;
  }
}
