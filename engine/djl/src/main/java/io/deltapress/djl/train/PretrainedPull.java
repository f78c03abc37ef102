package io.deltapress.djl.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import io.deltapress.djl.memory.TensorRuntime;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * Draws weights toward the pre-trained ones: the regularization of AdamR (DAREx, with the stable
 * decay of AdamS, Xie et al., 2020).
 *
 * <p>With θ the weight before the step, θ_P the pre-trained one and v the means of squared
 * gradients:
 *
 * <pre>
 * s = sqrt(mean of v / correction over all elements of all tensors), 1 if that is 0
 * L2:  θ -= (learning rate · λ / s) · (θ - θ_P)
 * L1:  θ -= (learning rate · λ / s) · sign(θ - θ_P),   sign(0) = 0
 * </pre>
 *
 * <p>One s serves all tensors, so a tensor without any gradient is drawn back too. Keeps one copy
 * of the pre-trained weights until closed.
 */
final class PretrainedPull implements Decay {

  private final NDManager manager;
  private final Regularization regularization;
  private final SortedMap<String, NDArray> pretrained = new TreeMap<>();

  /**
   * Copies the weights as they are now.
   *
   * @param parent whose device is used
   * @param weights what is trained, holding pre-trained values
   * @param hasPretrained false for tensors that hold no such values, as the head of a new
   *     classifier: those are drawn nowhere, yet count in s
   */
  PretrainedPull(
      NDManager parent,
      Regularization regularization,
      SortedMap<String, NDArray> weights,
      Predicate<String> hasPretrained) {
    this.manager = parent.newSubManager();
    this.regularization = regularization;
    weights.forEach(
        (name, weight) -> {
          if (hasPretrained.test(name)) {
            pretrained.put(name, copy(weight));
          }
        });
  }

  private NDArray copy(NDArray weight) {
    NDArray copy = weight.duplicate();
    copy.attach(manager);
    NDScope.unregister(copy);
    return copy;
  }

  @Override
  public Pull of(Step step) {
    double rate = step.learningRate() * regularization.strength() / scale(step);
    NDArray factor = TensorRuntime.constant(manager, (float) rate);
    return (name, weight) -> {
      NDArray target = pretrained.get(name);
      if (target != null) {
        NDArray distance = weight.sub(target);
        NDArray direction =
            regularization.norm() == Regularization.Norm.L1 ? distance.sign() : distance;
        weight.subi(direction.mul(factor));
      }
    };
  }

  private static double scale(Step step) {
    double sum = 0;
    long elements = 0;
    for (NDArray variance : step.variances().values()) {
      sum += variance.sum().getFloat();
      elements += variance.size();
    }
    double scale = StrictMath.sqrt(sum / step.correction() / Math.max(1, elements));
    return scale == 0 ? 1 : scale;
  }

  @Override
  public void close() {
    manager.close();
  }
}
