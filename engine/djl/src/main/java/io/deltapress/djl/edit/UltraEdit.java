package io.deltapress.djl.edit;

import io.deltapress.djl.model.LinearLayer;
import io.deltapress.djl.model.TransformerModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * UltraEdit (Gu et al., 2026): edits without training. Signals are normalised by lifelong
 * statistics, one set per shape of weight, that take the rows of a batch in before they normalise
 * them; with normalised key k^ and gradient g^, a row asks for the change {@code v = -step |k^|²
 * g^} of the layer's output, and least squares over the raw keys, with a ridge, give the shift
 * ({@link LeastSquares}).
 *
 * <p>Statistics are of all tokens, although only those whose output is a label are solved for: the
 * few of the first edits alone would leave of a gradient little but its signs. The published step
 * is one small number for all. Here it is, unless given, found for each edit ({@link StepSearch}).
 * The published ridge is 1, whatever the length of keys; here it is a share of that.
 */
final class UltraEdit extends RowEditor {

  static final String METHOD = "ultraedit";

  /** Steps begin where the largest shift is this small a share of its weight. */
  private static final double FIRST_SHARE = 2e-3;

  private final Settings settings;
  private final TreeMap<LayerShape, RunningStatistics> statistics = new TreeMap<>();

  UltraEdit(Settings settings) {
    this.settings = settings;
  }

  /**
   * How to edit.
   *
   * @param layers globs of weights; empty for those that feed-forwards of the last three blocks end
   *     with
   * @param ridge lambda of the least squares as a share of the mean squared length of the keys,
   *     positive
   * @param step fixed step for all edits, positive; null to find one for each
   * @param tokens which tokens of an edit become rows
   */
  record Settings(
      List<String> layers, double ridge, @Nullable Double step, EditSignals.Tokens tokens) {

    Settings {
      layers = List.copyOf(layers);
    }

    static Settings defaults() {
      return new Settings(List.of(), 1, null, EditSignals.Tokens.LABELLED);
    }
  }

  @Override
  public String method() {
    return METHOD;
  }

  @Override
  Map<String, RowFactors> factors(EditableModel model, PreparedEdits edits) throws IOException {
    List<PromptSequence> sequences = edits.changedSequences();
    Map<String, RowFactors> unscaled =
        unscaled(
            EditSignals.of(model.model(), layers(model.model()), sequences, EditSignals.Tokens.ALL)
                .rows(),
            sequences);
    return settings.step == null
        ? withOwnSteps(model.model(), unscaled, sequences)
        : scaled(unscaled, fixed(sequences.size(), settings.step));
  }

  private List<LinearLayer> layers(TransformerModel model) throws IOException {
    return EditLayers.chosen(model, settings.layers, EditLayers::feedForwardOutputs);
  }

  /** Takes all rows into the statistics, and solves those of the chosen tokens for a step of 1. */
  private Map<String, RowFactors> unscaled(
      Map<String, KeyValueRows> signals, List<PromptSequence> sequences) {
    signals.values().forEach(rows -> statisticsOf(rows).add(rows));
    Map<String, RowFactors> factors = new LinkedHashMap<>();
    signals.forEach(
        (weight, all) -> {
          KeyValueRows rows = all.only(sequences, settings.tokens);
          if (rows.rows() > 0) {
            double[] changes = changes(rows, statisticsOf(rows).normalised(rows));
            factors.put(weight, RowFactors.of(rows, solvedKeys(rows), changes));
          }
        });
    return factors;
  }

  private RunningStatistics statisticsOf(KeyValueRows rows) {
    LayerShape shape = LayerShape.of(rows);
    return statistics.computeIfAbsent(shape, s -> new RunningStatistics(s.dimensions()));
  }

  /** -|k^|² g^ of each row. */
  static double[] changes(KeyValueRows rows, double[] normalised) {
    int inputs = rows.inputs();
    int outputs = rows.outputs();
    double[] changes = new double[rows.rows() * outputs];
    for (int row = 0; row < rows.rows(); row++) {
      int from = row * (inputs + outputs);
      double squared = 0;
      for (int i = 0; i < inputs; i++) {
        squared += normalised[from + i] * normalised[from + i];
      }
      for (int o = 0; o < outputs; o++) {
        changes[row * outputs + o] = -squared * normalised[from + inputs + o];
      }
    }
    return changes;
  }

  private double[] solvedKeys(KeyValueRows rows) {
    double[] keys = rows.wideKeys();
    double squares = 0;
    for (double key : keys) {
      squares += key * key;
    }
    double ridge = settings.ridge * squares / rows.rows();
    return LeastSquares.solvedKeys(keys, rows.inputs(), ridge);
  }

  /** Lengthens the steps of edits until they are enough, or lengthening no longer helps. */
  private static Map<String, RowFactors> withOwnSteps(
      TransformerModel model, Map<String, RowFactors> unscaled, List<PromptSequence> sequences) {
    StepSearch search = new StepSearch(firstSteps(model, unscaled, sequences.size()));
    while (search.isOpen()) {
      double[] steps = search.next();
      search.tried(TrialShifts.run(model, scaled(unscaled, steps), sequences));
    }
    return scaled(unscaled, search.best());
  }

  /** For each edit, the step with which its largest shift is a small share of its weight. */
  private static double[] firstSteps(
      TransformerModel model, Map<String, RowFactors> unscaled, int edits) {
    double[] largest = new double[edits];
    unscaled.forEach(
        (name, rows) -> {
          double weight = norm(model.weights().read(name));
          for (int edit = 0; edit < edits; edit++) {
            double share = StrictMath.sqrt(rows.squaredNorm(edit)) / weight;
            largest[edit] = Math.max(largest[edit], share);
          }
        });
    for (int edit = 0; edit < edits; edit++) {
      largest[edit] = largest[edit] > 0 ? FIRST_SHARE / largest[edit] : 1;
    }
    return largest;
  }

  private static double norm(float[] values) {
    double sum = 0;
    for (float value : values) {
      sum += (double) value * value;
    }
    return StrictMath.sqrt(sum);
  }

  private static double[] fixed(int edits, double step) {
    double[] steps = new double[edits];
    Arrays.fill(steps, step);
    return steps;
  }

  private static Map<String, RowFactors> scaled(Map<String, RowFactors> factors, double[] byEdit) {
    Map<String, RowFactors> scaled = new LinkedHashMap<>();
    factors.forEach((weight, rows) -> scaled.put(weight, rows.scaled(byEdit)));
    return scaled;
  }

  @Override
  public void saveState(Path file) throws IOException {
    StatisticsFile.write(file, METHOD, statistics);
  }

  @Override
  public void restoreState(Path file) throws IOException {
    Map<LayerShape, RunningStatistics> kept = StatisticsFile.read(file, METHOD);
    statistics.clear();
    statistics.putAll(kept);
  }
}
