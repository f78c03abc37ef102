package io.deltapress.djl.study;

import io.deltapress.djl.evaluate.EvaluationListener;
import io.deltapress.djl.evaluate.Evaluator;
import io.deltapress.djl.evaluate.Task;
import io.deltapress.djl.evaluate.TaskFile;
import io.deltapress.djl.evaluate.TokenizedTask;
import io.deltapress.djl.model.LanguageModel;
import io.deltapress.djl.model.ModelDirectory;
import io.deltapress.djl.model.PatchedModel;
import io.deltapress.djl.model.TextTokenizer;
import io.deltapress.djl.model.TokenBatch;
import io.deltapress.format.tensor.Checkpoint;
import io.deltapress.format.tensor.Checkpoints;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * A fine-tune as a worker has it at hand: its checkpoint open, its tasks tokenized, its own outputs
 * remembered. Belongs to the thread of its {@link Bench}.
 */
final class LoadedFineTune implements AutoCloseable {

  private final FineTune fineTune;
  private final PatchedModel patched;
  private final Checkpoint checkpoint;
  private final Evaluator test;
  private final Evaluator validation;
  private final OutputChange outputChange;

  private LoadedFineTune(
      FineTune fineTune, PatchedModel patched, Checkpoint checkpoint, SampleSizes sample)
      throws IOException {
    this.fineTune = fineTune;
    this.patched = patched;
    this.checkpoint = checkpoint;
    LanguageModel model = (LanguageModel) patched.model();
    try (TextTokenizer tokenizer = ModelDirectory.tokenizer(fineTune.base())) {
      this.test = new Evaluator(model, tokenizer, first(fineTune.test(), sample.test()));
      this.validation =
          new Evaluator(model, tokenizer, first(fineTune.validation(), sample.validation()));
      List<Task> texts = first(fineTune.calibration(), sample.calibration());
      TokenBatch batch =
          TokenBatch.of(
              TokenizedTask.allOf(texts, tokenizer, model.endToken()).stream()
                  .map(TokenizedTask::tokens)
                  .toList());
      patched.apply(checkpoint);
      this.outputChange = OutputChange.from(model, batch);
    }
  }

  /**
   * Opens a fine-tune.
   *
   * @param patched its base; stays the caller's, and ends with the fine-tune on it
   */
  static LoadedFineTune open(FineTune fineTune, PatchedModel patched, SampleSizes sample)
      throws IOException {
    Checkpoint checkpoint = Checkpoints.open(fineTune.directory());
    try {
      return new LoadedFineTune(fineTune, patched, checkpoint, sample);
    } catch (IOException e) {
      checkpoint.close();
      throw e;
    }
  }

  private static List<Task> first(Path file, int count) throws IOException {
    List<Task> tasks = TaskFile.read(file);
    return tasks.subList(0, Math.min(count, tasks.size()));
  }

  FineTune fineTune() {
    return fineTune;
  }

  Checkpoint checkpoint() {
    return checkpoint;
  }

  PatchedModel patched() {
    return patched;
  }

  /** Score of the model's present weights on the test tasks. */
  double testScore() {
    return test.evaluate(EvaluationListener.none()).exactMatch();
  }

  /** Score of the model's present weights on the validation tasks. */
  double validationScore() {
    return validation.evaluate(EvaluationListener.none()).exactMatch();
  }

  /** How far the outputs of the model's present weights are from the fine-tune's. */
  double outputChange() {
    return outputChange.measure();
  }

  @Override
  public void close() {
    checkpoint.close();
  }
}
