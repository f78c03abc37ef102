package io.deltapress.djl.edit;

import io.deltapress.djl.model.LinearLayer;
import io.deltapress.djl.model.TransformerModel;
import io.deltapress.format.BadInputException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Fine-tuning on the requests alone, the naive peer of editors: plain gradient descent on the
 * feed-forward matrices of the last three blocks, until the model gives every target.
 *
 * <p>Each step's gradient is a sum of outer products over the tokens of the edits, so what descent
 * adds up stays one, and each edit has its own part. (The steps of an optimizer with moments would
 * not.) As rows would double with every step, they are brought to the smallest rank in between.
 */
final class FineTuning extends RowEditor {

  static final String METHOD = "fine-tuning";

  private static final double TOLERANCE = 1e-6;

  private final Settings settings;

  /**
   * How to descend.
   *
   * @param layers globs of weights; empty for the feed-forward matrices of the last three blocks
   * @param learningRate of every step, positive
   * @param mostSteps when to stop if a target is still not given, positive
   */
  record Settings(List<String> layers, double learningRate, int mostSteps) {

    Settings {
      layers = List.copyOf(layers);
    }

    static Settings defaults() {
      return new Settings(List.of(), 0.01, 50);
    }
  }

  FineTuning(Settings settings) {
    this.settings = settings;
  }

  @Override
  public String method() {
    return METHOD;
  }

  @Override
  Map<String, RowFactors> factors(EditableModel model, PreparedEdits edits)
      throws BadInputException {
    List<PromptSequence> sequences = edits.changedSequences();
    Map<String, RowFactors> factors = Map.of();
    EditSignals signals = signals(model.model(), factors, sequences);
    for (int step = 0; step < settings.mostSteps; step++) {
      factors = stepped(factors, signals);
      signals = signals(model.model(), factors, sequences);
      if (allRight(signals.outcomes())) {
        break;
      }
    }
    return factors;
  }

  /** Of the model with what was added up so far. */
  private EditSignals signals(
      TransformerModel model, Map<String, RowFactors> factors, List<PromptSequence> sequences)
      throws BadInputException {
    return TrialShifts.signals(model, factors, layers(model), sequences, EditSignals.Tokens.ALL);
  }

  private static boolean allRight(PromptOutcomes outcome) {
    for (boolean right : outcome.right()) {
      if (!right) {
        return false;
      }
    }
    return true;
  }

  /** Adds one step, along the gradients. */
  private Map<String, RowFactors> stepped(Map<String, RowFactors> before, EditSignals signals) {
    Map<String, RowFactors> after = new LinkedHashMap<>(before);
    signals
        .rows()
        .forEach(
            (weight, rows) -> {
              double[] values = new double[rows.values().length];
              for (int i = 0; i < values.length; i++) {
                values[i] = -settings.learningRate * rows.values()[i];
              }
              RowFactors step = RowFactors.of(rows, rows.wideKeys(), values);
              after.merge(weight, step, (old, added) -> old.plus(added).compressed(TOLERANCE));
            });
    return after;
  }

  private List<LinearLayer> layers(TransformerModel model) throws BadInputException {
    return EditLayers.chosen(model, settings.layers, EditLayers::feedForward);
  }
}
