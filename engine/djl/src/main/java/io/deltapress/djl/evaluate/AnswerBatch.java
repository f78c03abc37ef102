package io.deltapress.djl.evaluate;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import io.deltapress.djl.model.LlamaModel;
import java.util.List;

/**
 * Sequences of prompt, answer and end token, answered in one forward pass.
 *
 * <p>Filled up on the right, where a causal model never looks.
 */
final class AnswerBatch {

  private final List<TokenizedTask> expected;
  private final int length;
  private final long[] inputs;

  AnswerBatch(List<TokenizedTask> expected) {
    this.expected = expected;
    this.length = expected.stream().mapToInt(e -> e.tokens().length - 1).max().orElseThrow();
    this.inputs = new long[expected.size() * length];
    for (int row = 0; row < expected.size(); row++) {
      long[] tokens = expected.get(row).tokens();
      System.arraycopy(tokens, 0, inputs, row * length, tokens.length - 1);
    }
  }

  int size() {
    return expected.size();
  }

  /** Adds what this batch got right to the counts. */
  void count(LlamaModel model, AnswerCounts counts) {
    try (NDScope scope = new NDScope()) {
      scope.suppressNotUsedWarning();
      NDManager manager = model.weights().manager();
      NDArray tokens = manager.create(inputs, new Shape(expected.size(), length));
      long[] likeliest = model.logits(tokens).argMax(-1).toLongArray();
      for (int row = 0; row < expected.size(); row++) {
        counts.add(right(likeliest, row), expected.get(row).answerLength());
      }
    }
  }

  private int right(long[] likeliest, int row) {
    TokenizedTask answer = expected.get(row);
    int right = 0;
    for (int at = answer.promptLength(); at < answer.tokens().length; at++) {
      if (likeliest[row * length + at - 1] == answer.tokens()[at]) {
        right++;
      }
    }
    return right;
  }
}
