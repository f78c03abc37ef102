package io.deltapress.djl.model;

import ai.djl.ndarray.NDArray;
import io.deltapress.format.delta.LinearInput.Orientation;
import org.jspecify.annotations.Nullable;

/** Computes the linear layers of a model, and shows their inputs to whoever observes them. */
final class Projections {

  private final ModelWeights weights;
  private @Nullable LinearObserver observer;

  Projections(ModelWeights weights) {
    this.weights = weights;
  }

  void observe(@Nullable LinearObserver next) {
    observer = next;
  }

  /** From [.., inputs] to [.., outputs]. */
  NDArray apply(LinearLayer layer, NDArray input) {
    if (observer != null) {
      observer.sees(layer, input);
    }
    NDArray matrix = weights.get(layer.weight());
    NDArray product =
        input.matMul(layer.orientation() == Orientation.OUTPUT_INPUT ? matrix.transpose() : matrix);
    NDArray output = layer.bias() == null ? product : product.add(weights.get(layer.bias()));
    return observer == null ? output : observer.computed(layer, input, output);
  }
}
