package io.deltapress.djl.rescale;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import io.deltapress.djl.importance.CalibrationBatch;
import io.deltapress.djl.memory.WithoutGradients;
import io.deltapress.djl.model.LanguageModel;
import io.deltapress.djl.model.TransformerModel;
import java.util.ArrayList;
import java.util.List;

/**
 * How far a pruned model's outputs are from those that the same model had when this was made, as
 * the fine-tune: an objective that needs no labels (q_e of DAREx).
 *
 * <p>Keeps the reference outputs on the device: of the top-5 error 60 bytes per measured token, of
 * the divergence 4 bytes per measured token and id, of the hidden state 4 bytes per token and
 * element.
 */
public final class OutputChange implements ModelObjective {

  private final TransformerModel model;
  private final OutputComparison comparison;
  private final NDManager manager;
  private final List<Reference> references = new ArrayList<>();

  private OutputChange(TransformerModel model, OutputComparison comparison) {
    this.model = model;
    this.comparison = comparison;
    this.manager = model.weights().manager().newSubManager();
  }

  /** What the outputs of a batch were. */
  private record Reference(CalibrationBatch batch, NDList outputs, long rows) {}

  /**
   * Mean squared error over the five logits that are the largest now, per measured token (DAREx-q
   * without labels, decoders).
   *
   * @param model whose present outputs are the reference; stays the caller's
   * @param batches text to compare on
   * @return the objective, smaller is better
   */
  public static OutputChange ofTopLogits(TransformerModel model, List<CalibrationBatch> batches) {
    return of(model, batches, OutputComparison.TOP_LOGITS);
  }

  /**
   * Kullback-Leibler divergence of the present prediction from the later one, per measured token.
   *
   * @param model as in {@link #ofTopLogits}
   * @param batches text to compare on
   * @return the objective, smaller is better
   */
  public static OutputChange ofDivergence(TransformerModel model, List<CalibrationBatch> batches) {
    return of(model, batches, OutputComparison.DIVERGENCE);
  }

  /**
   * Mean absolute difference over tokens and elements of the last hidden state (DAREx-q without
   * labels, encoders).
   *
   * @param model as in {@link #ofTopLogits}
   * @param batches text to compare on
   * @return the objective, smaller is better
   */
  public static OutputChange ofHiddenState(TransformerModel model, List<CalibrationBatch> batches) {
    return of(model, batches, OutputComparison.HIDDEN_STATE);
  }

  /**
   * What is published for the model's kind: the top-5 logits of a language model, the last hidden
   * state of any other.
   *
   * @param model as in {@link #ofTopLogits}
   * @param batches text to compare on
   * @return the objective, smaller is better
   */
  public static OutputChange ofFamily(TransformerModel model, List<CalibrationBatch> batches) {
    return model instanceof LanguageModel
        ? ofTopLogits(model, batches)
        : ofHiddenState(model, batches);
  }

  @SuppressWarnings("try") // gradients are off for as long as the resource is open
  static OutputChange of(
      TransformerModel model, List<CalibrationBatch> batches, OutputComparison comparison) {
    OutputChange change = new OutputChange(model, comparison);
    try (WithoutGradients off = new WithoutGradients()) {
      batches.forEach(change::keep);
    }
    return change;
  }

  private void keep(CalibrationBatch batch) {
    if (batch.measuredTokens().length == 0) {
      return;
    }
    try (NDScope scope = new NDScope()) {
      scope.suppressNotUsedWarning();
      NDArray outputs = comparison.outputs(model, batch);
      NDList reference = comparison.reference(outputs);
      reference.attach(manager);
      reference.forEach(NDScope::unregister);
      references.add(new Reference(batch, reference, outputs.getShape().get(0)));
    }
  }

  /**
   * Says how many batches there are.
   *
   * @return number of batches in which anything is measured
   */
  int batches() {
    return references.size();
  }

  /**
   * Computes the change of one batch, recorded if gradients are on.
   *
   * @param batch which one
   * @return its mean per row, of rank 0; belongs to the caller's scope
   */
  NDArray change(int batch) {
    Reference reference = references.get(batch);
    NDArray sum =
        comparison.difference(comparison.outputs(model, reference.batch), reference.outputs);
    return sum.mul(manager.full(sum.getShape(), 1f / reference.rows));
  }

  @Override
  public String name() {
    return comparison.words();
  }

  @Override
  public Goal goal() {
    return Goal.SMALLEST;
  }

  @Override
  public MaskAverage average() {
    return comparison.average();
  }

  @Override
  @SuppressWarnings("try") // gradients are off for as long as the resource is open
  public double measure() {
    double sum = 0;
    long rows = 0;
    try (WithoutGradients off = new WithoutGradients()) {
      for (Reference reference : references) {
        try (NDScope scope = new NDScope()) {
          scope.suppressNotUsedWarning();
          NDArray outputs = comparison.outputs(model, reference.batch);
          sum += comparison.difference(outputs, reference.outputs).getFloat();
          rows += reference.rows;
        }
      }
    }
    return sum / rows;
  }

  @Override
  public void close() {
    manager.close();
  }
}
