package io.deltapress.djl.evaluate;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import io.deltapress.djl.model.SequenceClassifier;
import io.deltapress.djl.model.TokenBatch;
import java.util.List;

/**
 * Labelled sequences that are judged in one forward pass.
 *
 * @param inputs the sequences
 * @param labels the right label of each
 */
public record LabelBatch(TokenBatch inputs, double[] labels) {

  /**
   * Puts sequences side by side.
   *
   * @param sequences at least one
   * @return the batch
   */
  public static LabelBatch of(List<LabelledSequence> sequences) {
    return new LabelBatch(
        TokenBatch.of(
            sequences.stream().map(sequence -> sequence.tokens().ids()).toList(),
            sequences.stream().map(sequence -> sequence.tokens().segments()).toList()),
        sequences.stream().mapToDouble(LabelledSequence::label).toArray());
  }

  /**
   * What the model gives: the class of the largest logit, or the only logit itself. NaN where a
   * logit is, so that no label is right.
   */
  double[] judged(SequenceClassifier model) {
    try (NDScope scope = new NDScope()) {
      scope.suppressNotUsedWarning();
      NDArray logits = model.logits(inputs);
      return judged(logits.toFloatArray(), model.labels());
    }
  }

  /** Judges rows of as many logits as there are labels. */
  static double[] judged(float[] logits, int labels) {
    double[] judged = new double[logits.length / labels];
    for (int row = 0; row < judged.length; row++) {
      judged[row] = labels == 1 ? logits[row] : largest(logits, row * labels, labels);
    }
    return judged;
  }

  /** The first of the largest, or NaN. */
  private static double largest(float[] logits, int from, int labels) {
    int best = 0;
    for (int label = 0; label < labels; label++) {
      if (Float.isNaN(logits[from + label])) {
        return Double.NaN;
      }
      if (logits[from + label] > logits[from + best]) {
        best = label;
      }
    }
    return best;
  }
}
