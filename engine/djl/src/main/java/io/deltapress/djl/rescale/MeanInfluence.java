package io.deltapress.djl.rescale;

import ai.djl.ndarray.types.Shape;
import io.deltapress.djl.importance.LayerCalibration;
import io.deltapress.djl.model.LinearLayer;
import io.deltapress.format.delta.LinearInput.Orientation;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The influence of a layer's delta on its outputs for the mean input, in binary64. */
final class MeanInfluence {

  private MeanInfluence() {}

  /** One influence per output; the delta of a bias counts as one more input of 1. */
  static List<Influence> rows(LayerCalibration calibration, PrunedModel pruned) {
    LinearLayer layer = calibration.layer();
    Shape shape = pruned.shape(layer.weight());
    float[] weight = pruned.delta(layer.weight());
    float @Nullable [] bias = layer.bias() == null ? null : pruned.delta(layer.bias());
    return rows(
        calibration.meanInputs(), layer.orientation(), (int) layer.outputs(shape), weight, bias);
  }

  static List<Influence> rows(
      double[] inputs,
      Orientation orientation,
      int outputs,
      float[] weight,
      float @Nullable [] bias) {
    boolean outputsFirst = orientation == Orientation.OUTPUT_INPUT;
    int perOutput = outputsFirst ? inputs.length : 1;
    int perInput = outputsFirst ? 1 : outputs;
    double[] coefficients = new double[inputs.length + 1];
    List<Influence> rows = new ArrayList<>(outputs);
    for (int i = 0; i < outputs; i++) {
      for (int j = 0; j < inputs.length; j++) {
        coefficients[j] = weight[i * perOutput + j * perInput] * inputs[j];
      }
      coefficients[inputs.length] = bias == null ? 0 : bias[i];
      rows.add(Influence.of(coefficients));
    }
    return rows;
  }
}
