package io.deltapress.djl.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import io.deltapress.djl.memory.TensorRuntime;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Adam (Kingma and Ba, 2015) with one limit for the length of the whole gradient, and a decay that
 * is decoupled from the moments: with {@link WeightDecay} it is AdamW (Loshchilov and Hutter, 2019,
 * algorithm 2), with {@link PretrainedPull} it is AdamR of DAREx.
 *
 * <p>A step takes the gradients into the moments of all tensors first, then lets the decay and the
 * moments move the weights. Owns its moments until closed. Updates weights in place and needs
 * gradient recording off.
 */
final class Adam implements AutoCloseable {

  private final NDManager manager;
  private final Settings settings;
  private final SortedMap<String, NDArray> weights;
  private final Decay decay;
  private final SortedMap<String, NDArray> means;
  private final SortedMap<String, NDArray> variances;

  /**
   * Begins with moments of 0.
   *
   * @param parent whose device is used
   * @param settings of the moments
   * @param weights what to train, by name; stay the caller's
   * @param decay closed with this
   */
  Adam(NDManager parent, Settings settings, SortedMap<String, NDArray> weights, Decay decay) {
    this.manager = parent.newSubManager();
    this.settings = settings;
    this.weights = weights;
    this.decay = decay;
    this.means = zeros();
    this.variances = zeros();
  }

  /**
   * Numbers of the algorithm.
   *
   * @param beta1 how much of the mean of gradients outlives a step, 0 to below 1
   * @param beta2 the same of the mean of squared gradients
   * @param epsilon added to the root of the latter, positive
   * @param clipNorm longest gradient over all tensors, positive; longer ones are scaled down
   */
  record Settings(double beta1, double beta2, double epsilon, double clipNorm) {

    /** What trainings use. */
    static Settings of(TrainingRecipe recipe) {
      return new Settings(0.9, 0.99, 1e-8, recipe.clipNorm());
    }
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
      Scalars scalars = new Scalars(manager, settings, step, learningRate, norm);
      gradients.forEach((name, gradient) -> takeIn(name, gradient, scalars));
      double correction2 = correction(settings.beta2, step);
      Decay.Pull pull = decay.of(new Decay.Step(learningRate, variances, correction2));
      weights.forEach((name, weight) -> move(name, weight, pull, scalars));
    }
  }

  private static double norm(SortedMap<String, NDArray> gradients) {
    double sum = 0;
    for (NDArray gradient : gradients.values()) {
      sum += gradient.square().sum().getFloat();
    }
    return StrictMath.sqrt(sum);
  }

  private void takeIn(String name, NDArray gradient, Scalars scalars) {
    NDArray clipped = gradient.mul(scalars.clip);
    means.get(name).muli(scalars.beta1).addi(clipped.mul(scalars.oneMinusBeta1));
    NDArray squares = clipped.square().muli(scalars.oneMinusBeta2);
    variances.get(name).muli(scalars.beta2).addi(squares);
    gradient.subi(gradient);
  }

  /** The decay looks at the weight as it was before the step. */
  private void move(String name, NDArray weight, Decay.Pull pull, Scalars scalars) {
    pull.move(name, weight);
    NDArray root = variances.get(name).div(scalars.correction2).sqrt().addi(scalars.epsilon);
    weight.subi(means.get(name).div(root).muli(scalars.rate));
  }

  /** What a mean over the steps so far lacks, having begun at 0. */
  private static double correction(double beta, int step) {
    return 1 - StrictMath.pow(beta, step + 1);
  }

  @Override
  public void close() {
    decay.close();
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
    final NDArray rate;

    Scalars(NDManager manager, Settings settings, int step, double learningRate, double norm) {
      double longest = settings.clipNorm;
      this.clip = scalar(manager, norm > longest ? longest / norm : 1);
      this.beta1 = scalar(manager, settings.beta1);
      this.oneMinusBeta1 = scalar(manager, 1 - settings.beta1);
      this.beta2 = scalar(manager, settings.beta2);
      this.oneMinusBeta2 = scalar(manager, 1 - settings.beta2);
      this.correction2 = scalar(manager, correction(settings.beta2, step));
      this.epsilon = scalar(manager, settings.epsilon);
      this.rate = scalar(manager, learningRate / correction(settings.beta1, step));
    }

    private static NDArray scalar(NDManager manager, double value) {
      return TensorRuntime.constant(manager, (float) value);
    }
  }
}
