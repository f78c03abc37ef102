package io.deltapress.app.worker;

import io.deltapress.djl.evaluate.EvaluationListener;
import io.deltapress.djl.evaluate.Metric;
import io.deltapress.djl.evaluate.Scorer;
import io.deltapress.djl.model.TextTokenizer;
import io.deltapress.djl.model.TransformerModel;
import io.deltapress.format.BadInputException;
import io.deltapress.format.ProgressListener;
import io.deltapress.schemas.CanaryScore;
import java.io.IOException;

/** Scores a model on a canary; higher is better, whatever the metric. */
final class CanaryScorer {
  private CanaryScorer() {}

  /**
   * A score.
   *
   * @param value in the canary's metric
   * @param examples number of tasks in the file
   */
  record Score(double value, int examples) {}

  /**
   * A row of a gate's report, to be completed.
   *
   * @param reference what the canary is judged against
   * @param served what would be served
   */
  static CanaryScore.Builder row(TaskFiles.CanaryFile canary, Score reference, Score served) {
    return CanaryScore.newBuilder()
        .setName(canary.canary().getName())
        .setMetric(canary.canary().getMetric())
        .setReferenceScore(reference.value())
        .setPrunedScore(served.value())
        .setExamples(reference.examples());
  }

  /**
   * Scores the weights that the model has now.
   *
   * @throws UnmeasurableException if the metric does not fit the model, or a task does not
   */
  static Score score(
      TransformerModel model,
      TextTokenizer tokenizer,
      TaskFiles.CanaryFile canary,
      ProgressListener progress)
      throws IOException, UnmeasurableException {
    // An interrupted task ends at the next batch.
    EvaluationListener listener = (done, total) -> progress.advanced(0);
    try {
      io.deltapress.djl.evaluate.Score score =
          Scorer.of(model, tokenizer, canary.file(), metric(canary)).measure(listener);
      return new Score(score.value(), score.examples());
    } catch (BadInputException e) {
      throw unmeasurable(canary, e);
    }
  }

  private static UnmeasurableException unmeasurable(
      TaskFiles.CanaryFile canary, BadInputException cause) {
    return new UnmeasurableException(
        "canary %s cannot be scored: %s".formatted(canary.canary().getName(), cause.getMessage()),
        cause);
  }

  private static Metric metric(TaskFiles.CanaryFile canary) throws IOException {
    return switch (canary.canary().getMetric()) {
      case EXACT_MATCH -> Metric.EXACT_MATCH;
      case ACCURACY -> Metric.ACCURACY;
      case F1 -> Metric.F1;
      case MATTHEWS -> Metric.MATTHEWS;
      case PEARSON_SPEARMAN -> Metric.PEARSON_SPEARMAN;
      case UNKNOWN -> throw new IOException("The task names a metric this worker does not know");
    };
  }
}
