package io.deltapress.djl.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import io.deltapress.djl.memory.TensorRuntime;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Adam with decoupled weight decay (Loshchilov and Hutter, 2019, algorithm 2) and one limit for the
 * length of the whole gradient.
 *
 * <p>Owns its moments until closed. Updates weights in place and needs gradient recording off.
 */
final class AdamW implements AutoCloseable {

  private static final double BETA1 = 0.9;
  private static final double BETA2 = 0.99;
  private static final double EPSILON = 1e-8;

  private final NDManager manager;
  private final TrainingRecipe recipe;
  private final SortedMap<String, NDArray> weights;
  private final SortedMap<String, NDArray> means;
  private final SortedMap<String, NDArray> variances;

  AdamW(NDManager parent, TrainingRecipe recipe, SortedMap<String, NDArray> weights) {
    this.manager = parent.newSubManager();
    this.recipe = recipe;
    this.weights = weights;
    this.means = zeros();
    this.variances = zeros();
  }

  private SortedMap<String, NDArray> zeros() {
    SortedMap<String, NDArray> zeros = new TreeMap<>();
    weights.forEach(
        (name, weight) -> {
          NDArray zero = manager.zeros(weight.getShape(), weight.getDataType());
          NDScope.unregister(zero);
          zeros.put(name, zero);
        });
    return Collections.unmodifiableSortedMap(zeros);
  }

  /** Everything that changes from step to step: weights and moments, by a name of their own. */
  SortedMap<String, NDArray> state() {
    SortedMap<String, NDArray> state = new TreeMap<>();
    weights.forEach((name, array) -> state.put("weight/" + name, array));
    means.forEach((name, array) -> state.put("mean/" + name, array));
    variances.forEach((name, array) -> state.put("variance/" + name, array));
    return state;
  }

  /**
   * Moves the weights against their gradients and clears those.
   *
   * @param step counted from 0, for the bias correction
   * @throws TrainingDivergedException when a gradient is not finite; weights are left as they were
   */
  void update(int step, double learningRate) throws TrainingDivergedException {
    try (NDScope scope = new NDScope()) {
      scope.suppressNotUsedWarning();
      SortedMap<String, NDArray> gradients = new TreeMap<>();
      weights.forEach((name, weight) -> gradients.put(name, weight.getGradient()));
      double norm = norm(gradients);
      if (!Double.isFinite(norm)) {
        throw new TrainingDivergedException(step, "gradient", norm);
      }
      Scalars scalars = new Scalars(manager, recipe, step, learningRate, norm);
      gradients.forEach((name, gradient) -> move(name, gradient, scalars));
    }
  }

  private static double norm(SortedMap<String, NDArray> gradients) {
    double sum = 0;
    for (NDArray gradient : gradients.values()) {
      sum += gradient.square().sum().getFloat();
    }
    return StrictMath.sqrt(sum);
  }

  private void move(String name, NDArray gradient, Scalars scalars) {
    NDArray weight = weights.get(name);
    NDArray clipped = gradient.mul(scalars.clip);
    NDArray mean = means.get(name);
    mean.muli(scalars.beta1).addi(clipped.mul(scalars.oneMinusBeta1));
    NDArray variance = variances.get(name);
    variance.muli(scalars.beta2).addi(clipped.square().muli(scalars.oneMinusBeta2));
    NDArray root = variance.div(scalars.correction2).sqrt().addi(scalars.epsilon);
    if (weight.getShape().dimension() > 1) {
      weight.muli(scalars.decay);
    }
    weight.subi(mean.div(root).muli(scalars.rate));
    gradient.subi(gradient);
  }

  @Override
  public void close() {
    manager.close();
  }

  /** The numbers of one step, as arrays that own their memory. */
  private static final class Scalars {
    final NDArray clip;
    final NDArray beta1;
    final NDArray oneMinusBeta1;
    final NDArray beta2;
    final NDArray oneMinusBeta2;
    final NDArray correction2;
    final NDArray epsilon;
    final NDArray decay;
    final NDArray rate;

    Scalars(NDManager manager, TrainingRecipe recipe, int step, double learningRate, double norm) {
      double correction1 = 1 - StrictMath.pow(BETA1, step + 1);
      this.clip = scalar(manager, norm > recipe.clipNorm() ? recipe.clipNorm() / norm : 1);
      this.beta1 = scalar(manager, BETA1);
      this.oneMinusBeta1 = scalar(manager, 1 - BETA1);
      this.beta2 = scalar(manager, BETA2);
      this.oneMinusBeta2 = scalar(manager, 1 - BETA2);
      this.correction2 = scalar(manager, 1 - StrictMath.pow(BETA2, step + 1));
      this.epsilon = scalar(manager, EPSILON);
      this.decay = scalar(manager, 1 - learningRate * recipe.weightDecay());
      this.rate = scalar(manager, learningRate / correction1);
    }

    private static NDArray scalar(NDManager manager, double value) {
      return TensorRuntime.constant(manager, (float) value);
    }
  }
}
