package io.deltapress.djl.edit;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.deltapress.djl.model.LinearLayer;
import io.deltapress.djl.model.LinearObserver;
import io.deltapress.djl.model.TransformerModel;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What goes into layers at the tokens whose outputs are labels, summed up as {@code sum k k^T} over
 * all of them: the second moment of keys whose outputs are to stay as they are.
 */
final class PreservedKeys {

  private PreservedKeys() {}

  /**
   * Runs sequences through a model's present weights.
   *
   * @param model nobody may observe it
   * @param layers whose inputs are wanted
   * @param sequences at least one
   * @return row-major [inputs, inputs] by name of the layer's weight
   */
  static Map<String, double[]> moments(
      TransformerModel model, List<LinearLayer> layers, List<PromptSequence> sequences) {
    Map<String, double[]> moments = new LinkedHashMap<>();
    for (LinearLayer layer : layers) {
      int inputs = LayerShape.of(model, layer).inputs();
      moments.put(layer.weight(), new double[inputs * inputs]);
    }
    PromptBatch.forEach(
        model,
        sequences,
        (from, batch) ->
            inputs(model, moments, batch)
                .forEach((weight, input) -> add(moments.get(weight), batch, input)));
    return moments;
  }

  private static Map<String, NDArray> inputs(
      TransformerModel model, Map<String, double[]> wanted, PromptBatch batch) {
    Map<String, NDArray> inputs = new HashMap<>();
    model.observe(
        (LinearObserver)
            (layer, input) -> {
              if (wanted.containsKey(layer.weight())) {
                inputs.put(layer.weight(), input);
              }
            });
    try {
      batch.logits();
      return inputs;
    } finally {
      model.observe(null);
    }
  }

  /** Adds K^T K, of the labelled tokens' keys K. */
  private static void add(double[] moment, PromptBatch batch, NDArray input) {
    float[] all = input.toFloatArray();
    int inputs = Math.toIntExact(input.getShape().getLastDimension());
    FloatRows keys = new FloatRows();
    for (int row = 0; row < batch.sequences().size(); row++) {
      for (int token = 0; token < batch.inputs().length(row); token++) {
        if (batch.sequences().get(row).isLabelled(token)) {
          keys.add(all, (row * batch.inputs().length() + token) * inputs, inputs);
        }
      }
    }
    float[] labelled = keys.toArray();
    NDArray wide =
        input
            .getManager()
            .create(labelled, new Shape(labelled.length / inputs, inputs))
            .toType(DataType.FLOAT64, false);
    double[] product = wide.transpose().matMul(wide).toDoubleArray();
    for (int i = 0; i < moment.length; i++) {
      moment[i] += product[i];
    }
  }
}
