package io.deltapress.djl.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.deltapress.djl.evaluate.TokenizedTask;
import io.deltapress.djl.model.TokenBatch;
import java.util.Arrays;
import java.util.List;

/**
 * Examples side by side, filled up on the right: a causal model never looks there, and the loss
 * weighs it 0.
 *
 * @param inputs ids the model sees
 * @param targets the id that follows each, [size * length]
 * @param weights share of each target in the loss; they add up to 1
 */
record TrainingBatch(TokenBatch inputs, long[] targets, float[] weights) {

  static TrainingBatch of(List<TokenizedTask> examples, double promptWeight) {
    TokenBatch inputs =
        TokenBatch.of(
            examples.stream().map(e -> Arrays.copyOf(e.tokens(), e.tokens().length - 1)).toList());
    int elements = inputs.size() * inputs.length();
    TrainingBatch batch = new TrainingBatch(inputs, new long[elements], new float[elements]);
    double total = 0;
    for (int row = 0; row < inputs.size(); row++) {
      total += batch.fill(row, examples.get(row), promptWeight);
    }
    for (int i = 0; i < batch.weights.length; i++) {
      batch.weights[i] = (float) (batch.weights[i] / total);
    }
    return batch;
  }

  private double fill(int row, TokenizedTask example, double promptWeight) {
    long[] tokens = example.tokens();
    int count = tokens.length - 1;
    int length = inputs.length();
    System.arraycopy(tokens, 1, targets, row * length, count);
    int firstAnswer = row * length + example.promptLength() - 1;
    Arrays.fill(weights, row * length, firstAnswer, (float) promptWeight);
    Arrays.fill(weights, firstAnswer, row * length + count, 1);
    return (example.promptLength() - 1) * promptWeight + count - example.promptLength() + 1;
  }

  /** Number of tokens the model computes, filling included. */
  int tokens() {
    return targets.length;
  }

  /** Shape [size, length, 1]: what gather takes. */
  NDArray targets(NDManager manager) {
    return manager.create(targets, new Shape(inputs.size(), inputs.length(), 1));
  }

  NDArray weights(NDManager manager) {
    return manager.create(weights, new Shape(inputs.size(), inputs.length(), 1));
  }
}
