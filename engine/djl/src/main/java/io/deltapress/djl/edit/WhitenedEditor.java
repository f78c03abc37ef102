package io.deltapress.djl.edit;

import io.deltapress.djl.evaluate.Task;
import io.deltapress.djl.model.LinearLayer;
import io.deltapress.format.BadInputException;
import io.deltapress.format.edit.LowRankShift;
import io.deltapress.format.tensor.Checkpoint;
import io.deltapress.format.tensor.Checkpoints;
import io.deltapress.format.tensor.SafetensorsWriter;
import io.deltapress.format.tensor.TensorInfo;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Edits that last: descent on the requests in the geometry of keys that are to keep their outputs
 * ({@link WhitenedDescent}). Those are the keys of what is to be preserved, seen once on the model
 * as it is before the first edit, of the edits that are live, and of the batch itself. Nothing is
 * trained.
 *
 * <p>Keys are those of the tokens whose outputs are labels: where a fact is said, not where it is
 * asked for. All edits of a model given as one batch, on the model without edits, cost it least;
 * one by one, each is computed at once and leaves less room to those to come.
 *
 * <p>Shifts remember their keys, so those of live edits come with the model, whoever computed them
 * and wherever; nothing of an erased edit stays.
 */
final class WhitenedEditor extends RowEditor {

  static final String METHOD = "whitened";

  private static final int MOST_STEPS = 20;

  /** What a lower rank leaves out would not be whitened: it would reach what is to be preserved. */
  private static final double TOLERANCE = 1e-6;

  private static final String STATE = "deltapress.editor.method";
  private static final String MOMENT = "moment/";

  private final Settings settings;

  /** Second moments of preserved keys, by weight; empty until the first edit. */
  private final SortedMap<String, double[]> preserved = new TreeMap<>();

  /** Inverses that hold what is preserved and the edits of {@link #held}. */
  private final Map<String, InverseMoment> moments = new HashMap<>();

  /** Edits by id, whose keys the inverses hold. */
  private final Map<String, List<LowRankShift>> held = new HashMap<>();

  /**
   * How to edit.
   *
   * @param layers globs of weights; empty for the feed-forward matrices of the last half of the
   *     blocks, and what their attention reads values with and writes
   * @param preserved what the model knows and is to go on knowing; may be empty
   * @param ridge lambda as a share of the mean of the diagonal of the preserved keys' second
   *     moment, positive; where nothing is preserved, of that of the first batch's keys
   * @param likelihood of the labels of an edit, as a geometric mean, that is enough; below 1
   */
  record Settings(List<String> layers, List<Task> preserved, double ridge, double likelihood) {

    Settings {
      layers = List.copyOf(layers);
      preserved = List.copyOf(preserved);
    }

    static Settings preserving(List<Task> preserved) {
      return new Settings(List.of(), preserved, 0.01, 0.78);
    }
  }

  WhitenedEditor(Settings settings) {
    this.settings = settings;
  }

  @Override
  public String method() {
    return METHOD;
  }

  @Override
  Map<String, RowFactors> factors(EditableModel model, PreparedEdits edits)
      throws BadInputException {
    List<LinearLayer> layers = layers(model);
    List<PromptSequence> sequences = edits.changedSequences();
    prepare(model, layers, sequences);
    holdLiveEdits(model);
    Map<String, InverseMoment> own = new HashMap<>();
    moments.forEach((weight, moment) -> own.put(weight, moment.copy()));
    WhitenedDescent descent =
        new WhitenedDescent(model.model(), layers, sequences, own, settings.likelihood);
    return descent.run(MOST_STEPS);
  }

  @Override
  double tolerance() {
    return TOLERANCE;
  }

  private List<LinearLayer> layers(EditableModel model) throws BadInputException {
    return EditLayers.chosen(model.model(), settings.layers, EditLayers::answering);
  }

  /** Looks at what is to be preserved, if that was not done yet. */
  private void prepare(EditableModel model, List<LinearLayer> layers, List<PromptSequence> edits)
      throws BadInputException {
    if (preserved.isEmpty()) {
      if (settings.preserved.isEmpty()) {
        // Only the scale of the ridge is taken from the batch.
        PreservedKeys.moments(model.model(), layers, edits)
            .forEach((weight, moment) -> preserved.put(weight, meanDiagonal(moment)));
      } else {
        preserved.putAll(PreservedKeys.moments(model.model(), layers, sequences(model)));
      }
    }
    if (moments.isEmpty()) {
      holdNoEdit();
    }
  }

  private List<PromptSequence> sequences(EditableModel model) throws BadInputException {
    PromptEncoder encoder = new PromptEncoder(model);
    List<PromptSequence> sequences = new ArrayList<>();
    for (int i = 0; i < settings.preserved.size(); i++) {
      Task task = settings.preserved.get(i);
      String what = "preserved task %d: the prompt".formatted(i + 1);
      sequences.add(encoder.encode(what, task.prompt(), task.answer()));
    }
    return encoder.ended(sequences, encoder.ask(sequences).ends());
  }

  private static double[] meanDiagonal(double[] moment) {
    int size = side(moment);
    double[] scaled = new double[moment.length];
    double mean = trace(moment) / size;
    for (int i = 0; i < size; i++) {
      scaled[i * size + i] = mean;
    }
    return scaled;
  }

  private InverseMoment inverse(double[] moment) {
    int size = side(moment);
    double ridge = settings.ridge * trace(moment) / size;
    return InverseMoment.of(moment, size, ridge);
  }

  private static int side(double[] moment) {
    return (int) Math.round(Math.sqrt(moment.length));
  }

  private static double trace(double[] moment) {
    int size = side(moment);
    double trace = 0;
    for (int i = 0; i < size; i++) {
      trace += moment[i * size + i];
    }
    return trace;
  }

  private void holdNoEdit() {
    held.clear();
    preserved.forEach((weight, moment) -> moments.put(weight, inverse(moment)));
  }

  /** Makes the inverses hold the keys of the live edits, and no others. */
  private void holdLiveEdits(EditableModel model) {
    Map<String, List<LowRankShift>> live = new LinkedHashMap<>();
    model.live().forEach(edit -> live.put(edit, model.shifts(edit)));
    if (!live.entrySet().containsAll(held.entrySet())) {
      holdNoEdit();
    }
    live.forEach(
        (edit, shifts) -> {
          if (!held.containsKey(edit)) {
            shifts.forEach(this::hold);
            held.put(edit, shifts);
          }
        });
  }

  /** Edits of weights that this editor does not change leave it alone. */
  private void hold(LowRankShift shift) {
    InverseMoment moment = moments.get(shift.weight());
    if (moment != null && shift.keys().length > 0) {
      moment.takeIn(KeyValueRows.wide(shift.keys()));
    }
  }

  @Override
  public void saveState(Path file) throws IOException {
    SortedMap<String, double[]> arrays = new TreeMap<>();
    preserved.forEach((weight, moment) -> arrays.put(MOMENT + weight, moment));
    List<TensorInfo> infos =
        arrays.entrySet().stream().map(e -> StoredDoubles.info(e.getKey(), e.getValue())).toList();
    try (SafetensorsWriter writer = SafetensorsWriter.create(file, infos, Map.of(STATE, METHOD))) {
      for (TensorInfo info : writer.order()) {
        writer.write(info.name(), StoredDoubles.bytes(arrays.get(info.name())));
      }
      writer.commit();
    }
  }

  @Override
  public void restoreState(Path file) throws IOException {
    try (Checkpoint checkpoint = Checkpoints.open(file)) {
      if (!METHOD.equals(checkpoint.metadata().get(STATE))) {
        throw BadInputException.of(
            file, "is no state of the editor %s; give one that it saved".formatted(METHOD));
      }
      preserved.clear();
      moments.clear();
      held.clear();
      for (TensorInfo info : checkpoint.tensors().values()) {
        double[] values = new double[Math.toIntExact(info.elementCount())];
        StoredDoubles.read(checkpoint, info.name(), values);
        if (info.name().startsWith(MOMENT)) {
          preserved.put(info.name().substring(MOMENT.length()), values);
        }
      }
    }
  }
}
