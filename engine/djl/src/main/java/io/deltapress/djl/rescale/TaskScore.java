package io.deltapress.djl.rescale;

import io.deltapress.djl.evaluate.Scorer;

/**
 * How well a model does on labelled tasks (q_v of DAREx).
 *
 * @param scorer measures the model's present weights
 */
public record TaskScore(Scorer scorer) implements ModelObjective {

  @Override
  public String name() {
    return scorer.metric().wireName();
  }

  @Override
  public Goal goal() {
    return Goal.LARGEST;
  }

  @Override
  public MaskAverage average() {
    return MaskAverage.MEAN;
  }

  @Override
  public double measure() {
    return scorer.score();
  }

  @Override
  public void close() {
    // Holds no arrays of its own.
  }
}
