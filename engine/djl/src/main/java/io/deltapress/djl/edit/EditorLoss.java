package io.deltapress.djl.edit;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import io.deltapress.djl.memory.WithoutGradients;
import io.deltapress.djl.model.SequenceClassifier;
import io.deltapress.djl.model.TransformerModel;
import java.util.List;

/**
 * What an editor is trained to make small, of a batch of edits (MEND, equation 4): {@code c_e}
 * times the negative log-likelihood of the target behind a rephrasing, plus {@code c_loc} times the
 * KL divergence, over the whole vocabulary, from what the model said on other prompts before the
 * edit to what it says after. The divergence is a mean over all tokens of an edit's prompts; both
 * are means over edits.
 *
 * <p>Sequences are in groups of the same size, one per edit, a rephrasing first.
 */
final class EditorLoss {

  private final TransformerModel model;
  private final PromptBatch batch;
  private final float[] editWeights;
  private final float[] localityWeights;
  private final float[] before;
  private final int width;

  /**
   * Asks the model, as it is without the edits, about all sequences.
   *
   * @param group size of a group, at least 2
   */
  EditorLoss(
      TransformerModel model, EditorSettings settings, List<PromptSequence> sequences, int group) {
    this.model = model;
    this.batch = new PromptBatch(model, sequences);
    this.editWeights = new float[sequences.size()];
    boolean perSequence = model instanceof SequenceClassifier;
    int outputs = perSequence ? 1 : batch.inputs().length();
    this.localityWeights = new float[sequences.size() * outputs];
    int edits = sequences.size() / group;
    for (int edit = 0; edit < edits; edit++) {
      editWeights[edit * group] = (float) (settings.editWeight() / edits);
      int asked = 0;
      for (int row = edit * group + 1; row < (edit + 1) * group; row++) {
        asked += perSequence ? 1 : batch.inputs().length(row);
      }
      for (int row = edit * group + 1; row < (edit + 1) * group; row++) {
        int tokens = perSequence ? 1 : batch.inputs().length(row);
        for (int token = 0; token < tokens; token++) {
          localityWeights[row * outputs + token] =
              (float) (settings.localityWeight() / edits / asked);
        }
      }
    }
    this.before = logLikelihoods();
    this.width = before.length / localityWeights.length;
  }

  @SuppressWarnings("try") // gradients are off for as long as the resource is open
  private float[] logLikelihoods() {
    try (WithoutGradients off = new WithoutGradients();
        NDScope scope = new NDScope()) {
      scope.suppressNotUsedWarning();
      return batch.logits().logSoftmax(-1).toFloatArray();
    }
  }

  /** Tokens that are computed, those that fill up included. */
  int tokens() {
    return batch.inputs().size() * batch.inputs().length();
  }

  /** The loss of the model as it computes now; may be recorded. Float32 of rank 0. */
  NDArray of() {
    NDArray logits = batch.logits();
    return batch
        .negativeLogLikelihood(logits, editWeights)
        .add(divergence(logits, before, localityWeights, width, model.weights().manager()));
  }

  /**
   * Adds up, over outputs, a weight times KL(before || after).
   *
   * @param logits after, [outputs, width]
   * @param before log-likelihoods, row-major [outputs, width]
   */
  static NDArray divergence(
      NDArray logits, float[] before, float[] weights, int width, NDManager manager) {
    float[] likelihoods = new float[before.length];
    for (int i = 0; i < before.length; i++) {
      likelihoods[i] = (float) StrictMath.exp(before[i]);
    }
    Shape shape = new Shape(weights.length, width);
    NDArray ratio = manager.create(before, shape).sub(logits.logSoftmax(-1));
    return manager
        .create(likelihoods, shape)
        .mul(ratio)
        .sum(new int[] {1})
        .mul(manager.create(weights))
        .sum();
  }
}
