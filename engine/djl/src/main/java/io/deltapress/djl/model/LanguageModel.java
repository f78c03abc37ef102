package io.deltapress.djl.model;

import ai.djl.ndarray.NDArray;

/** A model that says which token follows: its logits are [batch, tokens, vocabulary]. */
public interface LanguageModel extends TransformerModel {

  /**
   * Says which token ends an answer.
   *
   * @return a token id
   */
  int endToken();

  /**
   * Opens an empty cache for one batch of sequences.
   *
   * @return the cache, closed by the caller
   */
  KeyValueCache newCache();

  /**
   * Scores tokens that follow those in the cache, and adds them to it.
   *
   * @param tokens int64 [batch, tokens], without filled-up ones
   * @param cache what the same sequences held before
   * @return as {@link #logits(TokenBatch)}, for the given tokens only
   */
  NDArray logits(NDArray tokens, KeyValueCache cache);
}
