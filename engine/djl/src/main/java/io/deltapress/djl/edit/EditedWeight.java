package io.deltapress.djl.edit;

import ai.djl.ndarray.types.Shape;
import io.deltapress.djl.model.LinearLayer;
import io.deltapress.djl.model.ModelWeights;
import io.deltapress.format.BadInputException;
import io.deltapress.format.delta.OnceRounded;
import io.deltapress.format.edit.LowRankShift;
import io.deltapress.format.lowrank.AccumulatedShift;
import io.deltapress.format.tensor.DType;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One weight of a model as a list of edits makes it: {@code round(W + acc)} in the type of the
 * foundation, where {@code acc} is the {@link AccumulatedShift} of the list. The one rounding is to
 * nearest even, so edits never accumulate rounding, and the sum over the edits before can be kept
 * while edits are added behind them.
 */
final class EditedWeight {

  private final ModelWeights weights;
  private final LinearLayer layer;
  private final DType dtype;
  private final float[] foundation;
  private final Map<String, LowRankShift> shifts = new LinkedHashMap<>();
  private AccumulatedShift sum;

  private EditedWeight(ModelWeights weights, LinearLayer layer, DType dtype, float[] foundation) {
    this.weights = weights;
    this.layer = layer;
    this.dtype = dtype;
    this.foundation = foundation;
    this.sum = zero();
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
    sum = zero();
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
    sum = zero();
    weights.write(layer.weight(), 0, foundation);
  }

  private AccumulatedShift zero() {
    Shape shape = weights.get(layer.weight()).getShape();
    return AccumulatedShift.zero(Math.toIntExact(shape.get(0)), Math.toIntExact(shape.get(1)));
  }

  private void accumulate(LowRankShift shift) {
    sum.add(shift.product(layer.orientation()));
  }

  private float[] rounded() {
    double[] edited = new double[foundation.length];
    for (int i = 0; i < edited.length; i++) {
      edited[i] = foundation[i];
    }
    sum.addTo(0, edited, edited.length);
    float[] values = new float[edited.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) OnceRounded.nearest(dtype, edited[i]);
    }
    return values;
  }
}
