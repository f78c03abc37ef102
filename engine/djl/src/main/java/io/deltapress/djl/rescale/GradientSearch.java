package io.deltapress.djl.rescale;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import io.deltapress.djl.memory.BackwardPass;
import io.deltapress.djl.memory.WithoutGradients;
import io.deltapress.djl.model.LinearLayer;
import io.deltapress.format.artifact.RescaleFactors;
import java.io.IOException;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A factor per linear layer by gradient descent on the output change (DAREx, official {@code
 * perlayer_opt}): q = (1-p) + |a|, a from 1e-4, Adam at 1e-2 with half a cosine over 200 steps, the
 * figure of held-out batches every 10 steps, an end after five of them without a better one.
 *
 * <p>Unlike there, all held-out batches count and not the last alone, and the first figure counts
 * too. The masks of the search take turns. A gradient that is not finite ends the descent, as
 * nothing after it would be better founded: the best figure until then counts.
 *
 * <p>The gradient of a factor follows from that of the weights: dL/dq = -sum(dL/dW * kept delta) /
 * q^2. The device holds a gradient of every linear layer.
 */
final class GradientSearch implements FactorSearch {

  private static final double START = 1e-4;
  private static final int STEPS = 200;
  private static final int STEPS_PER_TRIAL = 10;
  private static final int PATIENCE = 5;

  private final PrunedModel pruned;
  private final OutputChange training;
  private final RescaleRequest request;
  private final LayerFactors layerFactors;
  private final SortedMap<String, Slope> slopes = new TreeMap<>();
  private final Map<Double, RescaleFactors> tried = new TreeMap<>();

  GradientSearch(
      PrunedModel pruned,
      OutputChange training,
      RescaleRequest request,
      LayerFactors layerFactors,
      List<LinearLayer> layers) {
    this.pruned = pruned;
    this.training = training;
    this.request = request;
    this.layerFactors = layerFactors;
    for (LinearLayer layer : layers) {
      if (pruned.delta(layer.weight()) != null) {
        slopes.put(layer.weight(), new Slope(layer));
      }
    }
  }

  @Override
  public RescaleFactors factors(double value) {
    RescaleFactors factors = tried.get(value);
    if (factors == null) {
      throw new IllegalArgumentException("step " + value + " was not tried");
    }
    return factors;
  }

  @Override
  @SuppressWarnings("try") // gradients are off for as long as the resource is open
  public Trials search(FactorMeasure measure) throws IOException {
    try (WithoutGradients off = new WithoutGradients()) {
      slopes.values().forEach(slope -> slope.requireGradients(true));
      Trials trials = descend(measure);
      slopes.values().forEach(slope -> slope.requireGradients(false));
      return trials;
    }
  }

  private Trials descend(FactorMeasure measure) throws IOException {
    List<Trial> trials = new ArrayList<>();
    int worse = 0;
    for (int step = 0; step <= STEPS && worse < PATIENCE; step++) {
      if (step > 0 && !step(step)) {
        break;
      }
      if (step % STEPS_PER_TRIAL == 0) {
        Trials before = trials.isEmpty() ? null : new Trials(measure.goal(), trials);
        trials.add(trial(step, measure));
        boolean better =
            before == null
                || measure
                    .goal()
                    .isBetter(trials.get(trials.size() - 1).figure(), before.best().figure());
        worse = better ? 0 : worse + 1;
      }
    }
    return new Trials(measure.goal(), trials);
  }

  private Trial trial(int step, FactorMeasure measure) throws IOException {
    RescaleFactors factors = present();
    tried.put((double) step, factors);
    return new Trial(step, measure.of(step, factors));
  }

  private RescaleFactors present() {
    SortedMap<String, Double> factors = new TreeMap<>();
    slopes.forEach((weight, slope) -> factors.put(weight, slope.factor()));
    return layerFactors.of(factors);
  }

  /** Moves every factor, or none and says false when a gradient is not finite. */
  private boolean step(int step) throws IOException {
    long seed = request.seeds().get(step % request.seeds().size());
    pruned.prune(request.pruneRate(), present(), seed);
    try (NDScope scope = new NDScope()) {
      scope.suppressNotUsedWarning();
      BackwardPass.run(() -> training.change(step % training.batches()));
      double progress = (double) (step - 1) / STEPS;
      double rate = 0.5 * (1 + StrictMath.cos(StrictMath.PI * progress));
      Map<Slope, Double> derivatives = new IdentityHashMap<>();
      for (Slope slope : slopes.values()) {
        derivatives.put(slope, slope.derivative(seed));
      }
      if (!derivatives.values().stream().allMatch(Double::isFinite)) {
        return false;
      }
      derivatives.forEach((slope, derivative) -> slope.descend(derivative, step, rate));
      return true;
    }
  }

  /** Where one layer's factor is, and how it moves. */
  private final class Slope {
    private final List<String> tensors = new ArrayList<>();
    private final ScalarAdam offset = new ScalarAdam(START);

    Slope(LinearLayer layer) {
      tensors.add(layer.weight());
      if (layer.bias() != null && pruned.delta(layer.bias()) != null) {
        tensors.add(layer.bias());
      }
    }

    double factor() {
      return Math.min(1, RandomDrop.keepRate(request.pruneRate()) + Math.abs(offset.value()));
    }

    void requireGradients(boolean required) {
      tensors.forEach(name -> pruned.model().weights().get(name).setRequiresGradient(required));
    }

    /** The derivative by the offset, after which the gradients are 0 again. */
    double derivative(long seed) throws IOException {
      double product = 0;
      for (String tensor : tensors) {
        NDArray gradient = pruned.model().weights().get(tensor).getGradient();
        product += pruned.keptProduct(request.pruneRate(), seed, tensor, gradient.toFloatArray());
        gradient.subi(gradient);
      }
      double slope = -product / (factor() * factor());
      return offset.value() < 0 ? -slope : slope;
    }

    void descend(double derivative, int step, double rate) {
      offset.descend(derivative, step, rate);
    }
  }
}
