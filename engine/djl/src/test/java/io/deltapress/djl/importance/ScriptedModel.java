package io.deltapress.djl.importance;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.deltapress.djl.model.LinearLayer;
import io.deltapress.djl.model.LinearObserver;
import io.deltapress.djl.model.ModelConfig;
import io.deltapress.djl.model.ModelWeights;
import io.deltapress.djl.model.TokenBatch;
import io.deltapress.djl.model.TransformerModel;
import io.deltapress.djl.random.SplitMix64;
import java.util.List;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * Linear layers side by side, none of which needs the others: each is given inputs that follow from
 * the token ids alone. Fails a calibration that asks for more than the layers.
 */
final class ScriptedModel implements TransformerModel {

  private final List<LinearLayer> layers;
  private final ModelWeights weights;
  private @Nullable LinearObserver observer;

  ScriptedModel(NDManager manager, List<LinearLayer> layers, SortedMap<String, Shape> shapes) {
    this.layers = layers;
    this.weights = new ModelWeights(manager, shapes);
  }

  /** What the layer is given for a token, in float32 as the model gives it. */
  static float input(LinearLayer layer, long token, int index) {
    long seed = layer.weight().hashCode() * 31L + token * 1009 + index;
    return (float) new SplitMix64(seed).nextGaussian() + 0.3f;
  }

  @Override
  public ModelConfig config() {
    throw new AssertionError("calibration knows a model by its layers, not by its family");
  }

  @Override
  public ModelWeights weights() {
    return weights;
  }

  @Override
  public List<LinearLayer> linearLayers() {
    return layers;
  }

  @Override
  public void observe(@Nullable LinearObserver next) {
    observer = next;
  }

  @Override
  public NDArray hidden(TokenBatch batch) {
    NDArray ids = batch.ids(weights.manager());
    long[] tokens = ids.toLongArray();
    for (LinearLayer layer : layers) {
      int inputs = (int) layer.inputs(weights.get(layer.weight()).getShape());
      float[] values = new float[tokens.length * inputs];
      for (int i = 0; i < values.length; i++) {
        values[i] = input(layer, tokens[i / inputs], i % inputs);
      }
      try (NDArray array =
          weights.manager().create(values, new Shape(batch.size(), batch.length(), inputs))) {
        if (observer != null) {
          observer.sees(layer, array);
        }
      }
    }
    return ids;
  }

  @Override
  public NDArray logits(TokenBatch batch) {
    throw new AssertionError("calibration ends at the last layer and needs no outputs of the head");
  }

  @Override
  public void close() {
    weights.close();
  }
}
