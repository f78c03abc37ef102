package io.deltapress.djl.edit;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import io.deltapress.djl.memory.BackwardPass;
import io.deltapress.djl.model.LinearLayer;
import io.deltapress.djl.model.LinearObserver;
import io.deltapress.djl.model.TransformerModel;
import io.deltapress.format.BadInputException;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What editing starts from (MEND, Mitchell et al., 2022, section 3.1): for a linear layer z = W u,
 * the inputs u and the gradients delta = dL/dz of every token, of which dL/dW is the sum of delta
 * u^T.
 *
 * <p>L is the sum, over edits, of the mean negative log-likelihood of the edit's own labels, so an
 * edit has the same signals alone and in a batch. (MEND's code takes one mean over the labels of
 * the whole batch, which shrinks an edit's signals the more edits there are.) Rows whose u or delta
 * is 0 in every element are left out, those of tokens that fill up among them.
 */
final class EditSignals {

  private final Map<String, KeyValueRows> rows;
  private final PromptOutcomes outcomes;

  private EditSignals(Map<String, KeyValueRows> rows, PromptOutcomes outcomes) {
    this.rows = rows;
    this.outcomes = outcomes;
  }

  /** By name of the layer's weight, in the order of the layers; without layers that have none. */
  Map<String, KeyValueRows> rows() {
    return rows;
  }

  /** How the edits do before anything is changed: the forward pass is the same. */
  PromptOutcomes outcomes() {
    return outcomes;
  }

  /** Which tokens of an edit become rows. */
  enum Tokens {
    /** All that have a signal. */
    ALL,
    /** Those whose output is a label, as MALMEN and UltraEdit do. */
    LABELLED;

    boolean takes(PromptSequence sequence, int token) {
      return this == ALL || sequence.isLabelled(token);
    }
  }

  /** As below, of the model as it is. */
  static EditSignals of(
      TransformerModel model, List<LinearLayer> layers, List<PromptSequence> edits, Tokens tokens)
      throws BadInputException {
    return of(model, (layer, input) -> {}, layers, edits, tokens);
  }

  /**
   * Computes the signals of edits on a model's present weights.
   *
   * @param model nobody may observe it
   * @param observer what the layers' outputs go through before
   * @param layers whose signals are wanted
   * @param edits one sequence each
   * @return rows of every layer, and how the edits do
   * @throws BadInputException when a signal is not finite
   */
  static EditSignals of(
      TransformerModel model,
      LinearObserver observer,
      List<LinearLayer> layers,
      List<PromptSequence> edits,
      Tokens tokens)
      throws BadInputException {
    Map<String, RowCollector> collectors = new LinkedHashMap<>();
    layers.forEach(layer -> collectors.put(layer.weight(), new RowCollector()));
    PromptOutcomes outcomes = PromptOutcomes.of(edits.size());
    PromptBatch.forEach(
        model,
        edits,
        (from, batch) -> {
          Taps taps = Taps.of(model, observer, layers, batch);
          outcomes.take(from, batch, taps.logits());
          taps.ofLayers()
              .forEach((weight, tap) -> collectors.get(weight).add(batch, tap, from, tokens));
        });
    Map<String, KeyValueRows> signals = new LinkedHashMap<>();
    for (Map.Entry<String, RowCollector> collector : collectors.entrySet()) {
      KeyValueRows rows = collector.getValue().toRows();
      requireFinite(collector.getKey(), rows);
      if (rows.rows() > 0) {
        signals.put(collector.getKey(), rows);
      }
    }
    return new EditSignals(signals, outcomes);
  }

  private static void requireFinite(String weight, KeyValueRows rows) throws BadInputException {
    for (float[] values : List.of(rows.keys(), rows.values())) {
      for (float value : values) {
        if (!Float.isFinite(value)) {
          throw new BadInputException(
              "tensor %s: the gradient of an edit is not finite; the model computes no more, take"
                      .formatted(weight)
                  + " edits off it");
        }
      }
    }
  }

  /** Adds a zero to the output of each layer: its gradient is that of the output. */
  private static final class Taps implements LinearObserver {

    /** What was seen of a layer. */
    private record Tap(NDArray input, NDArray probe) {}

    private final Set<String> wanted = new HashSet<>();
    private final Map<String, Tap> taps = new LinkedHashMap<>();

    private final LinearObserver before;
    private @Nullable NDArray logits;

    private Taps(LinearObserver before, List<LinearLayer> layers) {
      this.before = before;
      layers.forEach(layer -> wanted.add(layer.weight()));
    }

    static Taps of(
        TransformerModel model,
        LinearObserver before,
        List<LinearLayer> layers,
        PromptBatch batch) {
      Taps observer = new Taps(before, layers);
      model.observe(observer);
      try {
        BackwardPass.run(
            () -> {
              NDArray logits = batch.logits();
              observer.logits = logits;
              return batch.negativeLogLikelihood(logits);
            });
      } finally {
        model.observe(null);
      }
      return observer;
    }

    Map<String, Tap> ofLayers() {
      return taps;
    }

    NDArray logits() {
      return Objects.requireNonNull(logits);
    }

    @Override
    public void sees(LinearLayer layer, NDArray input) {}

    @Override
    public NDArray computed(LinearLayer layer, NDArray input, NDArray output) {
      NDArray changed = before.computed(layer, input, output);
      if (!wanted.contains(layer.weight())) {
        return changed;
      }
      NDArray probe = output.getManager().zeros(output.getShape(), DataType.FLOAT32);
      probe.setRequiresGradient(true);
      taps.put(layer.weight(), new Tap(input, probe));
      return changed.add(probe);
    }
  }

  /** Gathers the rows of one layer over several forward passes. */
  private static final class RowCollector {

    private final FloatRows keys = new FloatRows();
    private final FloatRows values = new FloatRows();
    private final IntStream.Builder edits = IntStream.builder();
    private final IntStream.Builder tokens = IntStream.builder();
    private int inputs;
    private int outputs;

    void add(PromptBatch batch, Taps.Tap tap, int firstEdit, Tokens wanted) {
      inputs = Math.toIntExact(tap.input().getShape().getLastDimension());
      outputs = Math.toIntExact(tap.probe().getShape().getLastDimension());
      float[] u = tap.input().toFloatArray();
      float[] delta = tap.probe().getGradient().toFloatArray();
      int length = batch.inputs().length();
      for (int edit = 0; edit < batch.sequences().size(); edit++) {
        for (int token = 0; token < batch.inputs().length(edit); token++) {
          int row = edit * length + token;
          if (wanted.takes(batch.sequences().get(edit), token)
              && isAnywhereNonZero(u, row * inputs, inputs)
              && isAnywhereNonZero(delta, row * outputs, outputs)) {
            keys.add(u, row * inputs, inputs);
            values.add(delta, row * outputs, outputs);
            edits.add(firstEdit + edit);
            tokens.add(token);
          }
        }
      }
    }

    private static boolean isAnywhereNonZero(float[] values, int from, int count) {
      for (int i = from; i < from + count; i++) {
        if (values[i] != 0) {
          return true;
        }
      }
      return false;
    }

    KeyValueRows toRows() {
      int[] ofEdits = edits.build().toArray();
      int[] ofTokens = tokens.build().toArray();
      return new KeyValueRows(inputs, outputs, ofEdits, ofTokens, keys.toArray(), values.toArray());
    }
  }
}
