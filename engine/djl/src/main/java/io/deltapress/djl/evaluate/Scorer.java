package io.deltapress.djl.evaluate;

import ai.djl.ndarray.NDManager;
import io.deltapress.djl.memory.TensorRuntime;
import io.deltapress.djl.model.LanguageModel;
import io.deltapress.djl.model.ModelDirectory;
import io.deltapress.djl.model.SequenceClassifier;
import io.deltapress.djl.model.TextTokenizer;
import io.deltapress.djl.model.TransformerModel;
import io.deltapress.format.BadInputException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Scores a loaded model on a task file, whatever its family: prompts and answers for a language
 * model ({@link TaskFile}), labelled texts for a classifier ({@link LabelFile}).
 *
 * <p>The file is read and tokenized once, so scoring again after weights have changed costs the
 * forward passes only. Belongs to one thread at a time.
 */
public interface Scorer {

  /**
   * Says what is measured.
   *
   * @return the metric
   */
  Metric metric();

  /**
   * Says how many tasks or texts the file holds.
   *
   * @return at least 1
   */
  int examples();

  /**
   * Measures the model's present weights.
   *
   * @param listener told about progress
   * @return the metric's value, and what else was measured
   */
  Score measure(EvaluationListener listener);

  /**
   * Measures the model's present weights.
   *
   * @return the metric's value; the larger, the better
   */
  default double score() {
    return measure(EvaluationListener.none()).value();
  }

  /**
   * Prepares to score a model.
   *
   * @param model a language model or a classifier; stays the caller's
   * @param tokenizer of that model; stays the caller's, not used after this call
   * @param taskFile JSON lines
   * @param metric what to measure; null for the usual one of such a model
   * @return the scorer
   * @throws BadInputException when a line is unusable, or the metric does not fit the model
   * @throws IOException when the file cannot be read
   */
  static Scorer of(
      TransformerModel model, TextTokenizer tokenizer, Path taskFile, @Nullable Metric metric)
      throws IOException {
    Metric chosen = metric == null ? Metric.defaultFor(model) : metric;
    if (!chosen.fits(model)) {
      throw BadInputException.of(
          taskFile,
          "metric %s does not fit this model; choose one of %s"
              .formatted(chosen.wireName(), Metric.namesFitting(model)));
    }
    if (model instanceof SequenceClassifier classifier) {
      List<LabelledSequence> texts = LabelledSequence.read(taskFile, tokenizer, classifier);
      return new LabelScorer(classifier, texts, chosen);
    }
    if (model instanceof LanguageModel languageModel) {
      List<TokenizedTask> tasks = TokenizedTask.read(taskFile, tokenizer, languageModel);
      return new AnswerScorer(new Evaluator(languageModel, tasks), tasks.size());
    }
    throw new IllegalArgumentException(model + " gives no answers to score");
  }

  /**
   * Scores a model directory once.
   *
   * @param modelDirectory a Hugging Face directory with tokenizer.json
   * @param taskFile JSON lines
   * @param metric what to measure; null for the usual one of such a model
   * @param listener told about progress
   * @return the score
   * @throws BadInputException when the model or a line is unusable, or the metric does not fit
   * @throws IOException when a file cannot be read
   */
  static Score measure(
      Path modelDirectory, Path taskFile, @Nullable Metric metric, EvaluationListener listener)
      throws IOException {
    try (NDManager manager = TensorRuntime.newManager();
        TransformerModel model = ModelDirectory.load(manager, modelDirectory);
        TextTokenizer tokenizer = ModelDirectory.tokenizer(modelDirectory)) {
      return of(model, tokenizer, taskFile, metric).measure(listener);
    }
  }
}
