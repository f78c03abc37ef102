package io.deltapress.djl.evaluate;

import ai.djl.ndarray.NDScope;
import io.deltapress.djl.model.LanguageModel;
import io.deltapress.djl.model.TokenBatch;
import java.util.Arrays;
import java.util.List;

/**
 * Sequences of prompt, answer and end token, answered in one forward pass.
 *
 * <p>Filled up on the right, where a causal model never looks.
 */
final class AnswerBatch {

  private final List<TokenizedTask> expected;
  private final TokenBatch inputs;

  AnswerBatch(List<TokenizedTask> expected) {
    this.expected = expected;
    this.inputs =
        TokenBatch.of(
            expected.stream()
                .map(task -> Arrays.copyOf(task.tokens(), task.tokens().length - 1))
                .toList());
  }

  int size() {
    return expected.size();
  }

  /** Adds what this batch got right to the counts. */
  void count(LanguageModel model, AnswerCounts counts) {
    try (NDScope scope = new NDScope()) {
      scope.suppressNotUsedWarning();
      long[] likeliest = model.logits(inputs).argMax(-1).toLongArray();
      for (int row = 0; row < expected.size(); row++) {
        counts.add(right(likeliest, row), expected.get(row).answerLength());
      }
    }
  }

  private int right(long[] likeliest, int row) {
    TokenizedTask answer = expected.get(row);
    int right = 0;
    for (int at = answer.promptLength(); at < answer.tokens().length; at++) {
      if (likeliest[row * inputs.length() + at - 1] == answer.tokens()[at]) {
        right++;
      }
    }
    return right;
  }
}
