package io.deltapress.djl.importance;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import io.deltapress.djl.memory.WithoutGradients;
import io.deltapress.djl.model.LinearLayer;
import io.deltapress.djl.model.TransformerModel;
import io.deltapress.format.delta.LinearInput.Orientation;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Runs calibration text through a model once and looks at every linear layer on the way.
 *
 * <p>Sums over the tokens of a batch are computed in float32 on the model's device, and added up
 * over batches in binary64. S comes from the product of inputs and delta, Q from that of the
 * squared inputs, already added up over tokens, and the squared delta; a bias is a further input of
 * 1.
 *
 * <p>One layer is looked at at a time. Beside what the forward pass itself holds, the device holds
 * at most 4 * (2 * inputs * outputs + 2 * tokens * inputs + 2 * tokens * outputs) bytes of that
 * layer and batch, and the heap the delta of that layer.
 */
public final class CalibrationRun {

  private final TransformerModel model;
  private final TensorDeltas deltas;
  private final SortedMap<String, LayerSums> layers = new TreeMap<>();

  private CalibrationRun(TransformerModel model, TensorDeltas deltas) {
    this.model = model;
    this.deltas = deltas;
  }

  /**
   * Calibrates.
   *
   * @param model whose present weights compute the inputs; nobody may observe it
   * @param batches text, at least one
   * @param deltas of the linear layers' tensors; asked for each once per batch
   * @return what was seen, by name of the layer's weight
   */
  @SuppressWarnings("try") // gradients are off for as long as the resource is open
  public static SortedMap<String, LayerCalibration> of(
      TransformerModel model, List<CalibrationBatch> batches, TensorDeltas deltas) {
    CalibrationRun run = new CalibrationRun(model, deltas);
    try (WithoutGradients off = new WithoutGradients()) {
      batches.forEach(run::see);
    }
    SortedMap<String, LayerCalibration> seen = new TreeMap<>();
    run.layers.forEach((weight, sums) -> seen.put(weight, sums.toCalibration()));
    return seen;
  }

  private void see(CalibrationBatch batch) {
    try (NDScope scope = new NDScope()) {
      scope.suppressNotUsedWarning();
      NDArray mask = batch.inputs().mask(model.weights().manager()).reshape(-1, 1);
      model.observe((layer, input) -> see(layer, input, mask, batch.realTokens().length));
      model.hidden(batch.inputs());
    } finally {
      model.observe(null);
    }
  }

  private void see(LinearLayer layer, NDArray input, NDArray mask, int tokens) {
    LayerSums sums =
        layers.computeIfAbsent(
            layer.weight(), weight -> new LayerSums(layer, input.getShape().getLastDimension()));
    try (NDScope scope = new NDScope()) {
      scope.suppressNotUsedWarning();
      NDArray inputs = input.reshape(-1, input.getShape().getLastDimension()).mul(mask);
      NDArray squares = squares(inputs);
      sums.addInputs(tokens, inputs.sum(new int[] {0}), squares);
      NDArray weight = onDevice(layer.weight(), deltas.delta(layer.weight()));
      NDArray bias =
          layer.bias() == null ? null : onDevice(layer.bias(), deltas.delta(layer.bias()));
      sums.addDelta(new LayerDelta(layer, weight, bias), inputs, squares, mask, tokens);
    }
  }

  /** Squares, added up over tokens; the squares themselves are given back at once. */
  private static NDArray squares(NDArray inputs) {
    try (NDArray squared = inputs.square()) {
      return squared.sum(new int[] {0});
    }
  }

  private @Nullable NDArray onDevice(String tensor, float @Nullable [] delta) {
    if (delta == null) {
      return null;
    }
    NDManager manager = model.weights().manager();
    Shape shape = model.weights().get(tensor).getShape();
    return manager.create(delta, shape);
  }

  /** The delta of a layer on the device. */
  private record LayerDelta(LinearLayer layer, @Nullable NDArray weight, @Nullable NDArray bias) {

    /** From [tokens, inputs] to [tokens, outputs]. */
    @Nullable NDArray outputs(NDArray inputs, NDArray mask) {
      NDArray fromWeight = weight == null ? null : inputs.matMul(inputsFirst(weight));
      NDArray fromBias = bias == null ? null : mask.matMul(bias.reshape(1, -1));
      if (fromWeight == null || fromBias == null) {
        return fromWeight == null ? fromBias : fromWeight;
      }
      return fromWeight.addi(fromBias);
    }

    /** Q over all tokens and outputs, from squared inputs added up over tokens. */
    double squares(NDArray squaredInputs, int tokens) {
      double sum = 0;
      if (weight != null) {
        NDArray squared = inputsFirst(weight.square());
        sum += squaredInputs.reshape(1, -1).matMul(squared).sum().getFloat();
      }
      if (bias != null) {
        sum += (double) tokens * bias.square().sum().getFloat();
      }
      return sum;
    }

    private NDArray inputsFirst(NDArray matrix) {
      return layer.orientation() == Orientation.OUTPUT_INPUT ? matrix.transpose() : matrix;
    }
  }

  /** What was added up of one layer so far. */
  private static final class LayerSums {
    private final LinearLayer layer;
    private final double[] inputs;
    private final double[] squaredInputs;
    private long tokens;
    private double squaredSums;
    private double squares;

    LayerSums(LinearLayer layer, long inputs) {
      this.layer = layer;
      this.inputs = new double[Math.toIntExact(inputs)];
      this.squaredInputs = new double[this.inputs.length];
    }

    void addInputs(int count, NDArray sum, NDArray squared) {
      tokens += count;
      add(inputs, sum);
      add(squaredInputs, squared);
    }

    private static void add(double[] to, NDArray array) {
      float[] values = array.toFloatArray();
      for (int i = 0; i < to.length; i++) {
        to[i] += values[i];
      }
    }

    void addDelta(LayerDelta delta, NDArray batch, NDArray squared, NDArray mask, int batchTokens) {
      NDArray outputs = delta.outputs(batch, mask);
      if (outputs != null) {
        squaredSums += outputs.square().sum().getFloat();
        squares += delta.squares(squared, batchTokens);
      }
    }

    LayerCalibration toCalibration() {
      double[] means = new double[inputs.length];
      double[] norms = new double[inputs.length];
      for (int i = 0; i < inputs.length; i++) {
        means[i] = inputs[i] / tokens;
        norms[i] = StrictMath.sqrt(squaredInputs[i]);
      }
      return new LayerCalibration(layer, tokens, means, norms, squaredSums, squares);
    }
  }
}
