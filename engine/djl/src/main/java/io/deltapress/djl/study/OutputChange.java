package io.deltapress.djl.study;

import ai.djl.ndarray.NDScope;
import io.deltapress.djl.memory.WithoutGradients;
import io.deltapress.djl.model.TokenBatch;
import io.deltapress.djl.model.TransformerModel;

/**
 * How far a pruned model's outputs are from the fine-tune's, without any label: the mean squared
 * difference of the logits which the fine-tune ranks highest at each token (DAREx, objective q_e of
 * decoders).
 */
final class OutputChange {

  /** As many as the paper's code looks at. */
  private static final int TOP = 5;

  private final TransformerModel model;
  private final TokenBatch batch;
  private final int[] ranked;
  private final float[] expected;

  private OutputChange(TransformerModel model, TokenBatch batch, int[] ranked, float[] expected) {
    this.model = model;
    this.batch = batch;
    this.ranked = ranked;
    this.expected = expected;
  }

  /**
   * Remembers what the model's present weights, those of the unpruned fine-tune, answer.
   *
   * @param model a language model; stays the caller's
   * @param batch the calibration inputs
   */
  static OutputChange from(TransformerModel model, TokenBatch batch) {
    Logits logits = Logits.of(model, batch);
    int positions = batch.tokens();
    int[] ranked = new int[positions * TOP];
    float[] expected = new float[positions * TOP];
    int at = 0;
    for (int row = 0; row < batch.size(); row++) {
      for (int token = 0; token < batch.length(row); token++) {
        int start = (row * batch.length() + token) * logits.width();
        for (int index : top(logits.values(), start, logits.width())) {
          ranked[at] = start + index;
          expected[at++] = logits.values()[start + index];
        }
      }
    }
    return new OutputChange(model, batch, ranked, expected);
  }

  /** Compares the model's present weights with those remembered; 0 when they answer the same. */
  double measure() {
    float[] actual = Logits.of(model, batch).values();
    double sum = 0;
    for (int i = 0; i < ranked.length; i++) {
      double difference = (double) actual[ranked[i]] - expected[i];
      sum += difference * difference;
    }
    return sum / ranked.length;
  }

  /** Indices of the largest values of a row, the largest first; of equals the first. */
  private static int[] top(float[] values, int start, int width) {
    int[] best = new int[TOP];
    for (int rank = 0; rank < TOP; rank++) {
      best[rank] = -1;
      for (int i = 0; i < width; i++) {
        if (!contains(best, rank, i)
            && (best[rank] < 0 || values[start + i] > values[start + best[rank]])) {
          best[rank] = i;
        }
      }
    }
    return best;
  }

  private static boolean contains(int[] indices, int count, int index) {
    for (int i = 0; i < count; i++) {
      if (indices[i] == index) {
        return true;
      }
    }
    return false;
  }

  /**
   * Logits of a batch on the heap.
   *
   * @param values row-major [batch, tokens, width]
   * @param width of the last axis
   */
  private record Logits(float[] values, int width) {

    @SuppressWarnings("try") // gradients are off for as long as the resource is open
    static Logits of(TransformerModel model, TokenBatch batch) {
      try (WithoutGradients off = new WithoutGradients();
          NDScope scope = new NDScope()) {
        scope.suppressNotUsedWarning();
        float[] values = model.logits(batch).toFloatArray();
        return new Logits(values, values.length / (batch.size() * batch.length()));
      }
    }
  }
}
