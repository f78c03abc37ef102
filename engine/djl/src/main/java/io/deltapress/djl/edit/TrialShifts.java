package io.deltapress.djl.edit;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import io.deltapress.djl.model.LinearLayer;
import io.deltapress.djl.model.LinearObserver;
import io.deltapress.djl.model.TransformerModel;
import io.deltapress.format.BadInputException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Lets a model compute as if shifts were put on, y + (x A^T) B, without touching a weight. Float32
 * and without the rounding of weights: to see whether something works before doing it.
 */
final class TrialShifts implements LinearObserver {

  private final Map<String, Factors> factors = new HashMap<>();

  /** A shift as A^T B, or as the one matrix that this is, [inputs, outputs]: what costs less. */
  private record Factors(NDArray first, @Nullable NDArray second) {

    static Factors of(NDManager manager, RowFactors rows) {
      NDArray a = TransformedRows.array(manager, rows.a(), rows.inputs()).transpose();
      NDArray b = TransformedRows.array(manager, rows.b(), rows.outputs());
      long elements = (long) rows.inputs() * rows.outputs();
      boolean isThin = rows.edits().length * (long) (rows.inputs() + rows.outputs()) < elements;
      return isThin ? new Factors(a, b) : new Factors(a.matMul(b), null);
    }

    NDArray times(NDArray input) {
      NDArray product = input.matMul(first);
      return second == null ? product : product.matMul(second);
    }
  }

  private TrialShifts(NDManager manager, Map<String, RowFactors> layers) {
    layers.forEach((weight, rows) -> factors.put(weight, Factors.of(manager, rows)));
  }

  /** Runs sequences through a model with shifts; nobody else may observe it. */
  static PromptOutcomes run(
      TransformerModel model, Map<String, RowFactors> layers, List<PromptSequence> sequences) {
    PromptOutcomes outcomes = PromptOutcomes.of(sequences.size());
    try (NDScope scope = new NDScope()) {
      scope.suppressNotUsedWarning();
      model.observe(new TrialShifts(model.weights().manager(), layers));
      PromptBatch.forEach(
          model, sequences, (from, batch) -> outcomes.take(from, batch, batch.logits()));
    } finally {
      model.observe(null);
    }
    return outcomes;
  }

  /** The signals of edits on a model with shifts; nobody else may observe it. */
  static EditSignals signals(
      TransformerModel model,
      Map<String, RowFactors> shifts,
      List<LinearLayer> layers,
      List<PromptSequence> edits,
      EditSignals.Tokens tokens)
      throws BadInputException {
    try (NDScope scope = new NDScope()) {
      scope.suppressNotUsedWarning();
      TrialShifts trial = new TrialShifts(model.weights().manager(), shifts);
      return EditSignals.of(model, trial, layers, edits, tokens);
    }
  }

  @Override
  public void sees(LinearLayer layer, NDArray input) {}

  @Override
  public NDArray computed(LinearLayer layer, NDArray input, NDArray output) {
    Factors shift = factors.get(layer.weight());
    return shift == null ? output : output.add(shift.times(input));
  }
}
