package io.deltapress.djl.evaluate;

import io.deltapress.djl.model.LanguageModel;
import io.deltapress.djl.model.TextTokenizer;
import io.deltapress.djl.model.TextTokenizer.PromptedTokens;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A task as one sequence: the prompt, the answer, the end token.
 *
 * @param tokens all ids
 * @param promptLength how many of them are the prompt, at least 1
 */
public record TokenizedTask(long[] tokens, int promptLength) {

  /**
   * Tokenizes tasks.
   *
   * @param tasks what to tokenize
   * @param tokenizer stays the caller's
   * @param endToken id that ends an answer
   * @return one sequence per task, in the same order
   */
  public static List<TokenizedTask> allOf(List<Task> tasks, TextTokenizer tokenizer, int endToken) {
    List<TokenizedTask> sequences = new ArrayList<>(tasks.size());
    tasks.forEach(task -> sequences.add(of(task, tokenizer, endToken)));
    return sequences;
  }

  /**
   * Reads and tokenizes a task file for a model.
   *
   * @param file JSON lines
   * @param tokenizer stays the caller's
   * @param model that will see the sequences
   * @return one sequence per task, in the same order
   * @throws io.deltapress.format.BadInputException when a line is no task, or a task does not fit
   *     the model
   * @throws IOException when the file cannot be read
   */
  public static List<TokenizedTask> read(Path file, TextTokenizer tokenizer, LanguageModel model)
      throws IOException {
    List<TokenizedTask> sequences = allOf(TaskFile.read(file), tokenizer, model.endToken());
    for (int i = 0; i < sequences.size(); i++) {
      SequenceFit.of(file, "task " + (i + 1)).require(sequences.get(i).tokens, model.config());
    }
    return sequences;
  }

  private static TokenizedTask of(Task task, TextTokenizer tokenizer, int endToken) {
    PromptedTokens prompted = tokenizer.encode(task.prompt(), task.answer());
    long[] tokens = Arrays.copyOf(prompted.tokens(), prompted.tokens().length + 1);
    tokens[tokens.length - 1] = endToken;
    return new TokenizedTask(tokens, prompted.promptLength());
  }

  /**
   * Says how many tokens the model has to get right.
   *
   * @return tokens of the answer, the end token included
   */
  public int answerLength() {
    return tokens.length - promptLength;
  }
}
