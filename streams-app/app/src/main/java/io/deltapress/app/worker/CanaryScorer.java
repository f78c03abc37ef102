package io.deltapress.app.worker;

import io.deltapress.djl.evaluate.Evaluation;
import io.deltapress.djl.evaluate.EvaluationListener;
import io.deltapress.djl.evaluate.Evaluator;
import io.deltapress.djl.evaluate.TaskFile;
import io.deltapress.djl.model.LanguageModel;
import io.deltapress.djl.model.TextTokenizer;
import io.deltapress.djl.model.TransformerModel;
import io.deltapress.format.BadInputException;
import io.deltapress.format.ProgressListener;
import io.deltapress.schemas.CanaryMetric;
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
    CanaryMetric metric = canary.canary().getMetric();
    if (metric != CanaryMetric.EXACT_MATCH || !(model instanceof LanguageModel language)) {
      throw new UnmeasurableException(
          "canary %s asks for %s, which this worker cannot score on a %s model"
              .formatted(canary.canary().getName(), metric, model.config().family()));
    }
    // An interrupted task ends at the next batch.
    EvaluationListener listener = (done, total) -> progress.advanced(0);
    try {
      Evaluation evaluation =
          new Evaluator(language, tokenizer, TaskFile.read(canary.file())).evaluate(listener);
      return new Score(evaluation.exactMatch(), evaluation.examples());
    } catch (BadInputException e) {
      throw new UnmeasurableException(
          "canary %s cannot be scored: %s".formatted(canary.canary().getName(), e.getMessage()), e);
    }
  }
}
