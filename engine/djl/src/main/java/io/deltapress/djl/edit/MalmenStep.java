package io.deltapress.djl.edit;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.deltapress.djl.memory.ArrayWriter;
import io.deltapress.djl.memory.BackwardPass;
import io.deltapress.djl.memory.TensorRuntime;
import io.deltapress.djl.memory.WithoutGradients;
import io.deltapress.djl.model.LinearLayer;
import io.deltapress.djl.model.LinearObserver;
import io.deltapress.djl.model.TransformerModel;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SortedMap;

/**
 * One step of the training of a MALMEN editor, in the two phases of its paper (section 4.2): the
 * gradient of the loss with respect to the solved shift S, G, then that of the editor's parameters.
 *
 * <p>With {@code A = K^T K + lambda I} and {@code S = A^-1 K^T V}, {@code dL/dV = K A^-1 G} and
 * {@code dL/d(log lambda) = -lambda <A^-1 G, S>}, both in binary64; they are constants for the pass
 * through the network, whose loss is {@code <dL/dV, V>}. That is the exact gradient, without a
 * graph through the solve.
 */
final class MalmenStep implements EditorTraining.Step {

  private final EditorNetwork network;
  private final Map<String, Layer> layers;
  private final int tokens;
  private final float value;

  private MalmenStep(EditorNetwork network, Map<String, Layer> layers, int tokens, float value) {
    this.network = network;
    this.layers = layers;
    this.tokens = tokens;
    this.value = value;
  }

  /** What the pass through the network needs of a layer. */
  private static final class Layer {
    private final KeyValueRows rows;
    private final double[] normalised;
    private final double ridge;
    private final double[] solved;
    private final double[] changes;
    private double[] gradientOfChanges = {};
    private double gradientOfLogRidge;

    Layer(EditorNetwork network, String weight, KeyValueRows rows, RunningStatistics statistics) {
      this.rows = rows;
      this.normalised = statistics.normalised(rows);
      TransformedRows transformed = TransformedRows.of(network, weight, rows, statistics);
      this.ridge = MalmenEditor.ridge(network, weight);
      this.solved = LeastSquares.solvedKeys(rows.wideKeys(), rows.inputs(), ridge);
      this.changes = MalmenEditor.changes(rows, transformed);
    }

    /** S, row-major [inputs, outputs]. */
    float[] shift() {
      int inputs = rows.inputs();
      int outputs = rows.outputs();
      double[] sum = new double[inputs * outputs];
      for (int row = 0; row < rows.rows(); row++) {
        for (int i = 0; i < inputs; i++) {
          double key = solved[row * inputs + i];
          for (int o = 0; o < outputs; o++) {
            sum[i * outputs + o] += key * changes[row * outputs + o];
          }
        }
      }
      float[] shift = new float[sum.length];
      for (int i = 0; i < shift.length; i++) {
        shift[i] = (float) sum[i];
      }
      return shift;
    }

    /** Takes in G, row-major [inputs, outputs]. */
    void takeIn(float[] gradient) {
      gradientOfChanges = times(solved, gradient);
      double[] twice = times(twiceSolved(), gradient);
      double sum = 0;
      for (int i = 0; i < twice.length; i++) {
        sum += twice[i] * changes[i];
      }
      gradientOfLogRidge = -ridge * sum;
    }

    /** K A^-2: the solved keys, solved for once more. */
    private double[] twiceSolved() {
      int inputs = rows.inputs();
      return LeastSquares.solvedAgain(rows.wideKeys(), solved, inputs, ridge);
    }

    /** [rows, inputs] times [inputs, outputs]. */
    private double[] times(double[] left, float[] gradient) {
      int inputs = rows.inputs();
      int outputs = rows.outputs();
      double[] product = new double[rows.rows() * outputs];
      for (int row = 0; row < rows.rows(); row++) {
        for (int i = 0; i < inputs; i++) {
          double factor = left[row * inputs + i];
          for (int o = 0; o < outputs; o++) {
            product[row * outputs + o] += factor * gradient[i * outputs + o];
          }
        }
      }
      return product;
    }
  }

  @SuppressWarnings("try") // gradients are off for as long as the resource is open
  static MalmenStep of(
      TransformerModel model,
      EditorNetwork network,
      SortedMap<LayerShape, RunningStatistics> statistics,
      Map<String, KeyValueRows> signals,
      EditorLoss loss) {
    Map<String, Layer> layers = new LinkedHashMap<>();
    signals.forEach(
        (weight, rows) ->
            layers.put(
                weight, new Layer(network, weight, rows, statistics.get(LayerShape.of(rows)))));
    try (WithoutGradients off = new WithoutGradients();
        NDScope scope = new NDScope()) {
      scope.suppressNotUsedWarning();
      Shifted shifted = new Shifted(network.manager(), layers);
      model.observe(shifted);
      float value;
      try {
        value = BackwardPass.run(loss::of);
      } finally {
        model.observe(null);
      }
      layers.forEach((weight, layer) -> layer.takeIn(shifted.gradient(weight)));
      return new MalmenStep(network, layers, loss.tokens(), value);
    }
  }

  /** Adds x S to the output of each layer; S receives a gradient. */
  private static final class Shifted implements LinearObserver {
    private final Map<String, NDArray> shifts = new LinkedHashMap<>();

    Shifted(NDManager manager, Map<String, Layer> layers) {
      layers.forEach(
          (weight, layer) -> {
            Shape shape = new Shape(layer.rows.inputs(), layer.rows.outputs());
            NDArray shift = manager.zeros(shape, DataType.FLOAT32);
            ArrayWriter.write(shift, 0, layer.shift());
            shift.setRequiresGradient(true);
            shifts.put(weight, shift);
          });
    }

    @Override
    public void sees(LinearLayer layer, NDArray input) {}

    @Override
    public NDArray computed(LinearLayer layer, NDArray input, NDArray output) {
      NDArray shift = shifts.get(layer.weight());
      return shift == null ? output : output.add(input.matMul(shift));
    }

    float[] gradient(String weight) {
      NDArray shift = shifts.get(weight);
      return shift.getGradient().toFloatArray();
    }
  }

  @Override
  public int tokens() {
    return tokens;
  }

  /** Its gradient is the loss's, and so is its value. */
  @Override
  public NDArray loss() {
    NDManager manager = network.manager();
    NDArray sum = TensorRuntime.constant(manager, 0);
    for (Map.Entry<String, Layer> entry : layers.entrySet()) {
      sum = sum.add(linear(manager, entry.getKey(), entry.getValue()));
    }
    return sum.sub(sum.stopGradient()).add(TensorRuntime.constant(manager, value));
  }

  private NDArray linear(NDManager manager, String weight, Layer layer) {
    KeyValueRows rows = layer.rows;
    NDArray input =
        TransformedRows.array(manager, layer.normalised, rows.inputs() + rows.outputs());
    NDList halves = network.forward(weight, input).split(new long[] {rows.inputs()}, 1);
    NDArray keys = manager.create(rows.keys(), new Shape(rows.rows(), rows.inputs()));
    NDArray along = keys.mul(halves.get(0)).sum(new int[] {1}, true);
    NDArray changes = halves.get(1).mul(along).mul(network.rate(weight)).neg();
    NDArray gradient = TransformedRows.array(manager, layer.gradientOfChanges, rows.outputs());
    NDArray ridge =
        network
            .logRidge(weight)
            .mul(TensorRuntime.constant(manager, (float) layer.gradientOfLogRidge));
    return gradient.mul(changes).sum().add(ridge.sum());
  }
}
