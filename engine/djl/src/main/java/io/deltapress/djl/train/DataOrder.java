package io.deltapress.djl.train;

import io.deltapress.djl.random.SplitMix64;

/**
 * Which examples a step sees: each epoch is a new shuffle, and batches run on across epochs.
 *
 * <p>The order is a function of the seed and the step, so the step alone resumes it.
 */
final class DataOrder {

  private final long seed;
  private final int examples;
  private final int batchSize;
  private long shuffledEpoch = -1;
  private int[] shuffle = {};

  DataOrder(long seed, int examples, int batchSize) {
    this.seed = seed;
    this.examples = examples;
    this.batchSize = batchSize;
  }

  /** Indices of the examples of a step, counted from 0. */
  int[] batch(int step) {
    int[] batch = new int[batchSize];
    for (int i = 0; i < batchSize; i++) {
      long position = (long) step * batchSize + i;
      batch[i] = shuffleOf(position / examples)[(int) (position % examples)];
    }
    return batch;
  }

  private int[] shuffleOf(long epoch) {
    if (epoch != shuffledEpoch) {
      shuffle = SplitMix64.forPurpose(seed, epoch).permutation(examples);
      shuffledEpoch = epoch;
    }
    return shuffle;
  }
}
