package io.deltapress.djl.edit;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import io.deltapress.djl.model.TransformerModel;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;

/**
 * One step of the training of a MEND editor: each edit of the batch alone on the model, all in one
 * forward pass, and the loss a function of the editor's parameters through the factors only.
 */
final class MendStep implements EditorTraining.Step {

  private final TransformerModel model;
  private final EditorNetwork network;
  private final Map<String, PaddedRows> rows = new LinkedHashMap<>();
  private final EditorLoss loss;

  MendStep(
      TransformerModel model,
      EditorNetwork network,
      SortedMap<LayerShape, RunningStatistics> statistics,
      Map<String, KeyValueRows> signals,
      int edits,
      EditorLoss loss) {
    this.model = model;
    this.network = network;
    this.loss = loss;
    signals.forEach(
        (weight, raw) -> {
          double[] normalised = statistics.get(LayerShape.of(raw)).normalised(raw);
          rows.put(weight, PaddedRows.of(raw, normalised, edits));
        });
  }

  @Override
  public int tokens() {
    return loss.tokens();
  }

  @Override
  public NDArray loss() {
    EditedForward edited = new EditedForward();
    rows.keySet().forEach(weight -> edited.put(weight, factors(weight)));
    model.observe(edited);
    try {
      return loss.of();
    } finally {
      model.observe(null);
    }
  }

  /** Names of the weights that the edits change. */
  Set<String> weights() {
    return rows.keySet();
  }

  /** The loss of the model as it is. */
  NDArray unedited() {
    return loss.of();
  }

  /** u~, and alpha d~ with nothing in rows that fill up; may be recorded. */
  EditedForward.Factors factors(String weight) {
    PaddedRows padded = rows.get(weight);
    NDManager manager = network.manager();
    LayerShape shape = network.layers().get(weight);
    NDList halves =
        network.forward(weight, padded.values(manager)).split(new long[] {shape.inputs()}, 1);
    NDArray values = halves.get(1).mul(padded.real(manager)).mul(network.rate(weight));
    return new EditedForward.Factors(
        halves.get(0).reshape(padded.edits(), padded.most(), shape.inputs()),
        values.reshape(padded.edits(), padded.most(), shape.outputs()));
  }
}
