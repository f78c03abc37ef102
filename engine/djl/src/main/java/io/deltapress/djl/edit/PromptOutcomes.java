package io.deltapress.djl.edit;

import ai.djl.ndarray.NDArray;

/**
 * How a model does on sequences.
 *
 * @param right whether each sequence would get all its labels
 * @param losses mean negative log-likelihood of each sequence's labels
 */
record PromptOutcomes(boolean[] right, double[] losses) {

  /** Of sequences that were not looked at yet. */
  static PromptOutcomes of(int sequences) {
    return new PromptOutcomes(new boolean[sequences], new double[sequences]);
  }

  /**
   * Takes over what a forward pass gave; nothing is recorded.
   *
   * @param from index of the batch's first sequence among all
   * @param logits of the batch
   */
  void take(int from, PromptBatch batch, NDArray logits) {
    int count = batch.sequences().size();
    System.arraycopy(batch.losses(logits), 0, losses, from, count);
    System.arraycopy(batch.right(PromptBatch.likeliest(logits)), 0, right, from, count);
  }
}
