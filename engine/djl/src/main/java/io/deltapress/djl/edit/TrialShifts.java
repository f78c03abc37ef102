package io.deltapress.djl.edit;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import io.deltapress.djl.memory.WithoutGradients;
import io.deltapress.djl.model.LinearLayer;
import io.deltapress.djl.model.LinearObserver;
import io.deltapress.djl.model.TransformerModel;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Lets a model compute as if shifts were put on, y + (x A^T) B, without touching a weight. Float32
 * and without the rounding of weights: to see whether something works before doing it.
 */
final class TrialShifts implements LinearObserver {

  private static final int BATCH = 64;

  private final Map<String, Factors> factors = new HashMap<>();

  private record Factors(NDArray a, NDArray b) {}

  private TrialShifts(NDManager manager, Map<String, RowFactors> layers) {
    layers.forEach(
        (weight, rows) ->
            factors.put(
                weight,
                new Factors(
                    array(manager, rows.a(), rows.rows().inputs()),
                    array(manager, rows.b(), rows.rows().outputs()))));
  }

  private static NDArray array(NDManager manager, double[] values, int columns) {
    float[] narrow = new float[values.length];
    for (int i = 0; i < narrow.length; i++) {
      narrow[i] = (float) values[i];
    }
    return manager.create(narrow, new Shape(values.length / columns, columns));
  }

  /**
   * How a model would do.
   *
   * @param right whether each sequence would get all its labels
   * @param losses mean negative log-likelihood of each sequence's labels
   */
  record Outcome(boolean[] right, double[] losses) {}

  /** Runs sequences through a model with shifts; nobody else may observe it. */
  @SuppressWarnings("try") // gradients are off for as long as the resource is open
  static Outcome run(
      TransformerModel model, Map<String, RowFactors> layers, List<PromptSequence> sequences) {
    boolean[] right = new boolean[sequences.size()];
    double[] losses = new double[sequences.size()];
    try (WithoutGradients off = new WithoutGradients()) {
      for (int from = 0; from < sequences.size(); from += BATCH) {
        int to = Math.min(from + BATCH, sequences.size());
        PromptBatch batch = new PromptBatch(model, sequences.subList(from, to));
        try (NDScope scope = new NDScope()) {
          scope.suppressNotUsedWarning();
          model.observe(new TrialShifts(model.weights().manager(), layers));
          NDArray logits = batch.logits();
          System.arraycopy(batch.losses(logits), 0, losses, from, to - from);
          boolean[] ofBatch = batch.right(PromptBatch.likeliest(logits));
          System.arraycopy(ofBatch, 0, right, from, to - from);
        } finally {
          model.observe(null);
        }
      }
    }
    return new Outcome(right, losses);
  }

  @Override
  public void sees(LinearLayer layer, NDArray input) {}

  @Override
  public NDArray computed(LinearLayer layer, NDArray input, NDArray output) {
    Factors shift = factors.get(layer.weight());
    return shift == null ? output : output.add(input.matMul(shift.a.transpose()).matMul(shift.b));
  }
}
