package io.deltapress.djl.edit;

import io.deltapress.format.BadInputException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/** What trained editors have in common: signals go through a network, and statistics are frozen. */
abstract class TrainedEditor extends RowEditor {

  private final EditorNetwork network;
  private final SortedMap<LayerShape, RunningStatistics> statistics;

  /**
   * Makes an editor of a trained network.
   *
   * @param network closed with this
   */
  TrainedEditor(EditorNetwork network, SortedMap<LayerShape, RunningStatistics> statistics) {
    this.network = network;
    this.statistics = statistics;
  }

  @Override
  public final String method() {
    return network.settings().method().wireName();
  }

  final EditorNetwork network() {
    return network;
  }

  @Override
  final Map<String, RowFactors> factors(EditableModel model, PreparedEdits edits)
      throws BadInputException {
    Map<String, RowFactors> factors = new LinkedHashMap<>();
    EditSignals.of(
            model.model(),
            EditLayers.named(model.model(), List.copyOf(network.layers().keySet())),
            edits.changedSequences(),
            network.settings().method().tokens())
        .rows()
        .forEach(
            (weight, rows) -> {
              RunningStatistics seen = statistics.get(LayerShape.of(rows));
              TransformedRows transformed = TransformedRows.of(network, weight, rows, seen);
              factors.put(weight, factors(weight, rows, transformed));
            });
    return factors;
  }

  /** The shift of one layer. */
  abstract RowFactors factors(String weight, KeyValueRows rows, TransformedRows transformed);

  @Override
  public final void close() {
    network.close();
  }
}
