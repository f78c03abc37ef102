package io.deltapress.djl.evaluate;

import ai.djl.ndarray.NDManager;
import io.deltapress.djl.memory.TensorRuntime;
import io.deltapress.djl.memory.WithoutGradients;
import io.deltapress.djl.model.LanguageModel;
import io.deltapress.djl.model.ModelDirectory;
import io.deltapress.djl.model.TextTokenizer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Asks a model every task of a list and counts right answers.
 *
 * <p>An answer is an exact match when each of its tokens and the end token after it is the most
 * likely one given the prompt and the right tokens before. That is the case exactly when greedy
 * generation gives the answer and stops: as long as all tokens so far are right, both see the same
 * prefix. So one forward pass over whole sequences replaces generation.
 */
public final class Evaluator {

  private static final int BATCH = 64;

  private final LanguageModel model;
  private final List<AnswerBatch> batches;

  /**
   * Prepares the tasks once, to measure a model with changing weights.
   *
   * @param model stays the caller's
   * @param tokenizer stays the caller's; not used after this call
   * @param tasks what to ask, at least one
   */
  public Evaluator(LanguageModel model, TextTokenizer tokenizer, List<Task> tasks) {
    this(model, TokenizedTask.allOf(tasks, tokenizer, model.endToken()));
  }

  Evaluator(LanguageModel model, List<TokenizedTask> tasks) {
    this.model = model;
    this.batches = batches(tasks);
  }

  /**
   * Evaluates a model directory.
   *
   * @param modelDirectory a Hugging Face directory with tokenizer.json
   * @param taskFile JSON lines
   * @param listener told about progress
   * @return the figures
   * @throws io.deltapress.format.BadInputException when the model or a task line is unusable
   * @throws IOException when a file cannot be read
   */
  public static Evaluation evaluate(Path modelDirectory, Path taskFile, EvaluationListener listener)
      throws IOException {
    try (NDManager manager = TensorRuntime.newManager();
        LanguageModel model = ModelDirectory.loadLanguageModel(manager, modelDirectory);
        TextTokenizer tokenizer = ModelDirectory.tokenizer(modelDirectory)) {
      List<TokenizedTask> tasks = TokenizedTask.read(taskFile, tokenizer, model);
      return new Evaluator(model, tasks).evaluate(listener);
    }
  }

  /**
   * Measures the model's present weights.
   *
   * @param listener told about progress
   * @return the figures
   */
  @SuppressWarnings("try") // gradients are off for as long as the resource is open
  public Evaluation evaluate(EvaluationListener listener) {
    long started = System.nanoTime();
    int total = batches.stream().mapToInt(AnswerBatch::size).sum();
    AnswerCounts counts = new AnswerCounts();
    try (WithoutGradients off = new WithoutGradients()) {
      for (AnswerBatch batch : batches) {
        batch.count(model, counts);
        listener.evaluated(counts.tasks(), total);
      }
    }
    return counts.toEvaluation((System.nanoTime() - started) / 1e9);
  }

  /** Sorted by length, so that little is filled up. */
  private static List<AnswerBatch> batches(List<TokenizedTask> tasks) {
    List<TokenizedTask> sorted = new ArrayList<>(tasks);
    sorted.sort(Comparator.comparingInt(task -> task.tokens().length));
    List<AnswerBatch> batches = new ArrayList<>();
    for (int at = 0; at < sorted.size(); at += BATCH) {
      batches.add(new AnswerBatch(sorted.subList(at, Math.min(at + BATCH, sorted.size()))));
    }
    return batches;
  }
}
