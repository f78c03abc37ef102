package io.deltapress.djl.evaluate;

import java.util.LinkedHashMap;
import java.util.Map;

/** Scores a language model by its answers. */
record AnswerScorer(Evaluator evaluator, int examples) implements Scorer {

  @Override
  public Metric metric() {
    return Metric.EXACT_MATCH;
  }

  @Override
  public Score measure(EvaluationListener listener) {
    Evaluation evaluation = evaluator.evaluate(listener);
    Map<String, Double> figures = new LinkedHashMap<>();
    figures.put("exactMatch", evaluation.exactMatch());
    figures.put("tokenAccuracy", evaluation.tokenAccuracy());
    return new Score(
        metric(), evaluation.exactMatch(), figures, evaluation.examples(), evaluation.seconds());
  }
}
