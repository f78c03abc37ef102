package io.deltapress.djl.rescale;

import io.deltapress.djl.evaluate.EvaluationListener;
import io.deltapress.djl.evaluate.Evaluator;

/**
 * How well a model answers labelled tasks (q_v of DAREx).
 *
 * @param validation measures the model's present weights
 */
public record TaskScore(Evaluator validation) implements ModelObjective {

  @Override
  public String name() {
    return "exact match";
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
    return validation.evaluate(EvaluationListener.none()).exactMatch();
  }

  @Override
  public void close() {
    // Holds no arrays of its own.
  }
}
