package io.deltapress.djl.edit;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import io.deltapress.djl.memory.WithoutGradients;
import io.deltapress.djl.model.SequenceClassifier;
import io.deltapress.djl.model.TokenBatch;
import io.deltapress.djl.model.TransformerModel;
import java.util.Arrays;
import java.util.List;

/**
 * Prompts that are computed in one forward pass, filled up on the right.
 *
 * <p>Arrays made here borrow Java memory; they belong to the caller's scope, which is kept open
 * until a recorded graph was walked back.
 */
final class PromptBatch {

  /** Most sequences of one pass: what bounds the memory of any number of them. */
  private static final int MOST = 64;

  private final TransformerModel model;
  private final List<PromptSequence> sequences;
  private final TokenBatch inputs;

  /** Looks at one batch after the other. */
  @FunctionalInterface
  interface Visitor {
    /**
     * Called in a scope of its own.
     *
     * @param from index of the batch's first sequence among all
     */
    void visit(int from, PromptBatch batch);
  }

  /** Goes through sequences batch by batch, without gradients unless the visitor records them. */
  @SuppressWarnings("try") // gradients are off for as long as the resource is open
  static void forEach(TransformerModel model, List<PromptSequence> sequences, Visitor visitor) {
    try (WithoutGradients off = new WithoutGradients()) {
      for (int from = 0; from < sequences.size(); from += MOST) {
        try (NDScope scope = new NDScope()) {
          scope.suppressNotUsedWarning();
          int to = Math.min(from + MOST, sequences.size());
          visitor.visit(from, new PromptBatch(model, sequences.subList(from, to)));
        }
      }
    }
  }

  PromptBatch(TransformerModel model, List<PromptSequence> sequences) {
    this.model = model;
    this.sequences = List.copyOf(sequences);
    this.inputs =
        TokenBatch.of(
            sequences.stream().map(PromptSequence::ids).toList(),
            sequences.stream().map(PromptSequence::segments).toList());
  }

  TokenBatch inputs() {
    return inputs;
  }

  List<PromptSequence> sequences() {
    return sequences;
  }

  /** Scores of every output, [outputs, values]: one output per sequence or per token. */
  NDArray logits() {
    NDArray logits = model.logits(inputs);
    return logits.reshape(-1, logits.getShape().getLastDimension());
  }

  private boolean perSequence() {
    return model instanceof SequenceClassifier;
  }

  /** Index of an output among those of {@link #logits()}. */
  private int output(int row, int label) {
    return perSequence() ? row : row * inputs.length() + sequences.get(row).firstLabel() + label;
  }

  private int outputs() {
    return perSequence() ? inputs.size() : inputs.size() * inputs.length();
  }

  /**
   * Adds up, over sequences, a weight times the mean negative log-likelihood of the sequence's own
   * labels, so that a sequence has the same gradient whatever stands beside it.
   *
   * @param logits of this batch, as {@link #logits()} gives them
   * @param weights of the sequences
   * @return float32 of rank 0
   */
  NDArray negativeLogLikelihood(NDArray logits, float[] weights) {
    float[] shares = new float[outputs()];
    for (int row = 0; row < sequences.size(); row++) {
      int labels = sequences.get(row).labels().length;
      for (int label = 0; label < labels; label++) {
        shares[output(row, label)] = weights[row] / labels;
      }
    }
    NDManager manager = model.weights().manager();
    return logLikelihoods(logits)
        .mul(manager.create(shares, new Shape(shares.length, 1)))
        .sum()
        .neg();
  }

  /** Of the label of every output, [outputs, 1]; of any value where an output has no label. */
  private NDArray logLikelihoods(NDArray logits) {
    long[] targets = new long[outputs()];
    for (int row = 0; row < sequences.size(); row++) {
      long[] labels = sequences.get(row).labels();
      for (int label = 0; label < labels.length; label++) {
        targets[output(row, label)] = labels[label];
      }
    }
    NDArray wanted = model.weights().manager().create(targets, new Shape(targets.length, 1));
    return logits.logSoftmax(-1).gather(wanted, -1);
  }

  /** As {@link #negativeLogLikelihood(NDArray, float[])}, every sequence weighing 1. */
  NDArray negativeLogLikelihood(NDArray logits) {
    float[] ones = new float[sequences.size()];
    Arrays.fill(ones, 1);
    return negativeLogLikelihood(logits, ones);
  }

  /** Mean negative log-likelihood of the labels of each sequence; nothing is recorded. */
  double[] losses(NDArray logits) {
    float[] all = logLikelihoods(logits).toFloatArray();
    double[] losses = new double[sequences.size()];
    for (int row = 0; row < losses.length; row++) {
      int labels = sequences.get(row).labels().length;
      for (int label = 0; label < labels; label++) {
        losses[row] -= all[output(row, label)];
      }
      losses[row] /= labels;
    }
    return losses;
  }

  /** The likeliest value of every output, by its index among those of {@link #logits()}. */
  static long[] likeliest(NDArray logits) {
    return logits.argMax(-1).toLongArray();
  }

  /** Which sequences get all their labels, each as the likeliest value. */
  boolean[] right(long[] likeliest) {
    boolean[] right = new boolean[sequences.size()];
    for (int row = 0; row < right.length; row++) {
      long[] labels = sequences.get(row).labels();
      right[row] = true;
      for (int label = 0; label < labels.length; label++) {
        right[row] &= likeliest[output(row, label)] == labels[label];
      }
    }
    return right;
  }

  /** The likeliest value behind the last token of a sequence of a language model. */
  long following(int row, long[] likeliest) {
    return likeliest[row * inputs.length() + inputs.length(row) - 1];
  }
}
