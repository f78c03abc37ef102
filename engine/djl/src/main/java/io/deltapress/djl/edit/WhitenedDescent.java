package io.deltapress.djl.edit;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import io.deltapress.djl.memory.WithoutGradients;
import io.deltapress.djl.model.LinearLayer;
import io.deltapress.djl.model.TransformerModel;
import io.deltapress.format.BadInputException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Gradient descent on the edits of a batch, in the geometry of keys that are to keep their outputs:
 * {@code W <- W - eta sum_t delta_t (P u_t)^T} with {@code P = (M + lambda I)^-1}, where M is the
 * second moment of those keys and of the batch's own. That is the gradient whitened on the side of
 * the keys: the direction of steepest descent when the length of a step is how much it changes the
 * outputs of those keys, and the half of K-FAC (Martens and Grosse, 2015, section 2) that needs no
 * second gradient. ROME (Meng et al., 2022, equation 2) and MEMIT (2023, equation 14) whiten by the
 * same matrix.
 *
 * <p>A step is as long as brings the losses to zero if they were linear (Polyak, 1969): {@code eta
 * = sum_i min(L_i, cap) / sum_l <G_l, S_l>}, with G the gradient and S the whitened gradient of
 * layer l, over the edits that are not sure yet; a share of that is taken. An edit is sure when the
 * model gives all its labels with the wanted likelihood.
 *
 * <p>P u of an edit is kept as it was at the first step, so the shift of an edit has one row per
 * label and layer, and each edit has its own.
 */
final class WhitenedDescent {

  /** No edit asks for more than this in one step, in nats: losses are not linear for longer. */
  private static final double LONGEST_STEP = 1;

  /** Share of a step that is taken: losses are not linear, and edits bear on each other. */
  private static final double SHARE = 0.7;

  private final TransformerModel model;
  private final List<LinearLayer> edited;
  private final List<PromptSequence> sequences;
  private final double enough;
  private final Map<String, Layer> layers = new LinkedHashMap<>();

  /** What is known of a layer: its first rows, their keys' sides, and the sum of steps. */
  private static final class Layer {
    private final KeyValueRows first;
    private final double[] solved;
    private final double[] steps;
    private final Map<Long, Integer> places = new HashMap<>();

    Layer(KeyValueRows first, InverseMoment moment) {
      this.first = first;
      double[] keys = first.wideKeys();
      moment.takeIn(keys);
      this.solved = moment.times(keys);
      this.steps = new double[first.rows() * first.outputs()];
      for (int row = 0; row < first.rows(); row++) {
        places.put(place(first.edits()[row], first.tokens()[row]), row);
      }
    }

    private static long place(int edit, int token) {
      return (long) edit << Integer.SIZE | token;
    }

    RowFactors factors() {
      return RowFactors.remembering(first, solved, steps);
    }

    /** Rows of a later step: where they belong, and the keys' sides there. */
    Step step(KeyValueRows rows, List<Integer> edits) {
      List<Integer> from = new ArrayList<>();
      List<Integer> to = new ArrayList<>();
      for (int row = 0; row < rows.rows(); row++) {
        // A token whose signal was 0 at first has no row to add to.
        Integer place = places.get(place(edits.get(rows.edits()[row]), rows.tokens()[row]));
        if (place != null) {
          from.add(row);
          to.add(place);
        }
      }
      return new Step(rows, from, to, this);
    }
  }

  /** Rows of one layer and step. */
  private record Step(KeyValueRows rows, List<Integer> from, List<Integer> to, Layer layer) {

    /**
     * {@code <G, S>}, in float32: only the length of the step depends on it. Both with the keys of
     * the first step: keys drift as edits come in, and steps that follow them go too far.
     */
    double squaredNorm(NDManager manager) {
      int inputs = rows.inputs();
      int outputs = rows.outputs();
      double[] values = new double[from.size() * outputs];
      double[] keys = new double[from.size() * inputs];
      double[] solved = new double[from.size() * inputs];
      for (int i = 0; i < from.size(); i++) {
        for (int o = 0; o < outputs; o++) {
          values[i * outputs + o] = rows.values()[from.get(i) * outputs + o];
        }
        for (int j = 0; j < inputs; j++) {
          keys[i * inputs + j] = layer.first.keys()[to.get(i) * inputs + j];
        }
        System.arraycopy(layer.solved, to.get(i) * inputs, solved, i * inputs, inputs);
      }
      NDArray transposed = TransformedRows.array(manager, values, outputs).transpose();
      NDArray gradient = transposed.matMul(TransformedRows.array(manager, keys, inputs));
      NDArray whitened = transposed.matMul(TransformedRows.array(manager, solved, inputs));
      return gradient.mul(whitened).sum().getFloat();
    }

    void take(double length) {
      int outputs = rows.outputs();
      for (int i = 0; i < from.size(); i++) {
        for (int o = 0; o < outputs; o++) {
          layer.steps[to.get(i) * outputs + o] -= length * rows.values()[from.get(i) * outputs + o];
        }
      }
    }
  }

  /**
   * Begins where the model is.
   *
   * @param model nobody may observe it
   * @param edited the layers that are edited
   * @param sequences one per edit
   * @param moments of those layers, by name of the weight; the keys of the edits are added to them
   * @param likelihood of the labels of a sequence as a geometric mean, that is enough
   * @throws BadInputException when a signal is not finite
   */
  WhitenedDescent(
      TransformerModel model,
      List<LinearLayer> edited,
      List<PromptSequence> sequences,
      Map<String, InverseMoment> moments,
      double likelihood)
      throws BadInputException {
    this.model = model;
    this.edited = edited;
    this.sequences = sequences;
    this.enough = -StrictMath.log(likelihood);
    EditSignals.of(model, edited, sequences, EditSignals.Tokens.LABELLED)
        .forEach((weight, rows) -> layers.put(weight, new Layer(rows, moments.get(weight))));
  }

  /** What was added up so far. */
  Map<String, RowFactors> factors() {
    Map<String, RowFactors> factors = new LinkedHashMap<>();
    layers.forEach((weight, layer) -> factors.put(weight, layer.factors()));
    return factors;
  }

  /**
   * Takes steps until every edit is sure.
   *
   * @param most steps at most
   * @return factors of each layer
   * @throws BadInputException when a signal is not finite
   */
  Map<String, RowFactors> run(int most) throws BadInputException {
    for (int step = 0; step < most; step++) {
      Map<String, RowFactors> factors = factors();
      TrialShifts.Outcome outcome = TrialShifts.run(model, factors, sequences);
      List<Integer> unsure = unsure(outcome);
      if (unsure.isEmpty()) {
        break;
      }
      step(factors, unsure, outcome.losses());
    }
    return factors();
  }

  private List<Integer> unsure(TrialShifts.Outcome outcome) {
    List<Integer> unsure = new ArrayList<>();
    for (int edit = 0; edit < sequences.size(); edit++) {
      if (!outcome.right()[edit] || outcome.losses()[edit] > enough) {
        unsure.add(edit);
      }
    }
    return unsure;
  }

  private void step(Map<String, RowFactors> factors, List<Integer> unsure, double[] losses)
      throws BadInputException {
    Map<String, KeyValueRows> signals =
        TrialShifts.signals(
            model,
            factors,
            edited,
            unsure.stream().map(sequences::get).toList(),
            EditSignals.Tokens.LABELLED);
    List<Step> steps = new ArrayList<>();
    for (Map.Entry<String, KeyValueRows> ofLayer : signals.entrySet()) {
      Layer layer = layers.get(ofLayer.getKey());
      if (layer != null) {
        steps.add(layer.step(ofLayer.getValue(), unsure));
      }
    }
    double wanted = unsure.stream().mapToDouble(i -> Math.min(losses[i], LONGEST_STEP)).sum();
    double along = along(steps);
    if (along > 0) {
      steps.forEach(step -> step.take(SHARE * wanted / along));
    }
  }

  @SuppressWarnings("try") // gradients are off for as long as the resource is open
  private double along(List<Step> steps) {
    try (WithoutGradients off = new WithoutGradients();
        NDScope scope = new NDScope()) {
      scope.suppressNotUsedWarning();
      NDManager manager = model.weights().manager();
      return steps.stream().mapToDouble(step -> step.squaredNorm(manager)).sum();
    }
  }
}
