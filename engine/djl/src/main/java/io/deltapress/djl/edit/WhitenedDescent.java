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
import java.util.Set;
import java.util.stream.IntStream;

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

  /** Most rows that are gone through pair by pair. */
  private static final int MOST_THIN = 64;

  private final TransformerModel model;
  private final List<LinearLayer> edited;
  private final List<PromptSequence> sequences;
  private final double enough;
  private final EditSignals first;
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

    /**
     * Rows of a later step: where they belong, and the keys' sides there.
     *
     * @param edits which edit each edit of the rows is
     * @param wanted the edits whose rows count
     */
    Step step(KeyValueRows rows, List<Integer> edits, Set<Integer> wanted) {
      List<Integer> from = new ArrayList<>();
      List<Integer> to = new ArrayList<>();
      for (int row = 0; row < rows.rows(); row++) {
        // A token whose signal was 0 at first has no row to add to.
        int edit = edits.get(rows.edits()[row]);
        Integer place = places.get(place(edit, rows.tokens()[row]));
        if (place != null && wanted.contains(edit)) {
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
     * {@code <G, S>}. Both with the keys of the first step: keys drift as edits come in, and steps
     * that follow them go too far.
     */
    double squaredNorm(NDManager manager) {
      long byRows = (long) from.size() * (rows.inputs() + rows.outputs());
      boolean isThin = byRows < 2L * rows.inputs() * rows.outputs() && from.size() <= MOST_THIN;
      return isThin ? thinSquaredNorm() : wideSquaredNorm(manager);
    }

    /** Row by row: the sum of {@code (v_r . v_s) (u_r . P u_s)}. */
    private double thinSquaredNorm() {
      double sum = 0;
      for (int r = 0; r < from.size(); r++) {
        for (int s = 0; s < from.size(); s++) {
          sum += valuesAlong(from.get(r), from.get(s)) * keysAlong(to.get(r), to.get(s));
        }
      }
      return sum;
    }

    private double valuesAlong(int r, int s) {
      int outputs = rows.outputs();
      double along = 0;
      for (int o = 0; o < outputs; o++) {
        along += (double) rows.values()[r * outputs + o] * rows.values()[s * outputs + o];
      }
      return along;
    }

    private double keysAlong(int r, int s) {
      int inputs = rows.inputs();
      double along = 0;
      for (int i = 0; i < inputs; i++) {
        along += layer.first.keys()[r * inputs + i] * layer.solved[s * inputs + i];
      }
      return along;
    }

    /** As matrices, in float32: only the length of the step depends on it. */
    private double wideSquaredNorm(NDManager manager) {
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
    this.first = EditSignals.of(model, edited, sequences, EditSignals.Tokens.LABELLED);
    first
        .rows()
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
    View view = new View(first.outcomes(), first, everyEdit());
    for (int step = 0; step < most; step++) {
      List<Integer> unsure = unsure(view.outcomes());
      if (unsure.isEmpty()) {
        break;
      }
      take(view, unsure);
      if (step + 1 < most) {
        view = look(unsure.size());
      }
    }
    return factors();
  }

  /**
   * What is known of the model with what was added up so far.
   *
   * @param outcomes of every edit
   * @param signals of those that are asked for, all unsure ones among them
   */
  private record View(PromptOutcomes outcomes, EditSignals signals, List<Integer> asked) {}

  private View look(int unsureBefore) throws BadInputException {
    Map<String, RowFactors> factors = factors();
    if (2 * unsureBefore >= sequences.size()) {
      // The pass that gives the signals tells how edits do: most would have needed both.
      EditSignals signals = signals(factors, everyEdit());
      return new View(signals.outcomes(), signals, everyEdit());
    }
    PromptOutcomes outcomes = TrialShifts.run(model, factors, sequences);
    List<Integer> asked = unsure(outcomes);
    return new View(outcomes, signals(factors, asked), asked);
  }

  private List<Integer> everyEdit() {
    return IntStream.range(0, sequences.size()).boxed().toList();
  }

  private List<Integer> unsure(PromptOutcomes outcomes) {
    return everyEdit().stream()
        .filter(edit -> !outcomes.right()[edit] || outcomes.losses()[edit] > enough)
        .toList();
  }

  private EditSignals signals(Map<String, RowFactors> factors, List<Integer> edits)
      throws BadInputException {
    List<PromptSequence> asked = edits.stream().map(sequences::get).toList();
    return TrialShifts.signals(model, factors, edited, asked, EditSignals.Tokens.LABELLED);
  }

  private void take(View view, List<Integer> unsure) {
    Set<Integer> wanted = Set.copyOf(unsure);
    List<Step> steps = new ArrayList<>();
    view.signals()
        .rows()
        .forEach(
            (weight, rows) -> {
              Layer layer = layers.get(weight);
              if (layer != null) {
                steps.add(layer.step(rows, view.asked(), wanted));
              }
            });
    double[] losses = view.outcomes().losses();
    double asked = unsure.stream().mapToDouble(i -> Math.min(losses[i], LONGEST_STEP)).sum();
    double along = along(steps);
    if (along > 0) {
      steps.forEach(step -> step.take(SHARE * asked / along));
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
