package io.deltapress.djl.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.index.NDIndex;
import java.util.Arrays;

/** Continues a prompt by the most likely token each time, reusing keys and values already seen. */
public final class GreedyGenerator {

  private final LanguageModel model;

  /**
   * Generates with a model.
   *
   * @param model the model, which stays the caller's
   */
  public GreedyGenerator(LanguageModel model) {
    this.model = model;
  }

  /**
   * Continues a prompt.
   *
   * @param prompt ids of the prompt, at least one
   * @param maxNewTokens when to stop if the model does not
   * @return the new ids, without the end token
   */
  public long[] generate(long[] prompt, int maxNewTokens) {
    long[] generated = new long[maxNewTokens];
    int count = 0;
    long[] pending = prompt;
    try (KeyValueCache cache = model.newCache()) {
      while (count < maxNewTokens) {
        long next = next(pending, cache);
        if (next == model.endToken()) {
          break;
        }
        generated[count++] = next;
        pending = new long[] {next};
      }
    }
    return Arrays.copyOf(generated, count);
  }

  private long next(long[] tokens, KeyValueCache cache) {
    try (NDScope scope = new NDScope()) {
      scope.suppressNotUsedWarning();
      NDArray input = model.weights().manager().create(new long[][] {tokens});
      NDArray last = model.logits(input, cache).get(new NDIndex("0,-1"));
      return last.argMax().getLong();
    }
  }
}
