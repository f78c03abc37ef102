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

  /** What the model gives: the class of the largest logit, or the only logit itself. */
  double[] judged(SequenceClassifier model) {
    try (NDScope scope = new NDScope()) {
      scope.suppressNotUsedWarning();
      NDArray logits = model.logits(inputs);
      double[] judged = new double[labels.length];
      if (model.labels() == 1) {
        float[] numbers = logits.toFloatArray();
        for (int row = 0; row < judged.length; row++) {
          judged[row] = numbers[row];
        }
      } else {
        long[] classes = logits.argMax(-1).toLongArray();
        for (int row = 0; row < judged.length; row++) {
          judged[row] = classes[row];
        }
      }
      return judged;
    }
  }
}
