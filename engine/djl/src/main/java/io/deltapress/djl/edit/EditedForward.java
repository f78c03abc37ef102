package io.deltapress.djl.edit;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import io.deltapress.djl.model.LinearLayer;
import io.deltapress.djl.model.LinearObserver;
import java.util.HashMap;
import java.util.Map;

/**
 * Lets each group of sequences of a batch see an edit of its own, in one forward pass: the outputs
 * of a layer become {@code y - (x u~^T) d~}, which is what the layer gives with the weight {@code W
 * - d~^T u~}. No weight is touched or copied.
 */
final class EditedForward implements LinearObserver {

  private final Map<String, Factors> factors = new HashMap<>();

  /**
   * The factors of one layer.
   *
   * @param keys u~, [edits, rows, inputs]
   * @param values d~ times the rate, [edits, rows, outputs]
   */
  record Factors(NDArray keys, NDArray values) {}

  void put(String weight, Factors ofLayer) {
    factors.put(weight, ofLayer);
  }

  @Override
  public void sees(LinearLayer layer, NDArray input) {}

  @Override
  public NDArray computed(LinearLayer layer, NDArray input, NDArray output) {
    Factors edit = factors.get(layer.weight());
    if (edit == null) {
      return output;
    }
    long edits = edit.keys.getShape().get(0);
    NDArray grouped = input.reshape(edits, -1, input.getShape().getLastDimension());
    NDArray change = grouped.matMul(edit.keys.transpose(0, 2, 1)).matMul(edit.values);
    Shape shape = output.getShape();
    return output.sub(change.reshape(shape));
  }
}
