package io.deltapress.djl.edit;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.deltapress.djl.model.LinearLayer;
import io.deltapress.djl.model.TransformerModel;
import io.deltapress.format.BadInputException;
import io.deltapress.format.tensor.WeightsDigest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * An editor that is being trained on edits of one model, whose weights never change.
 *
 * <p>There is no second order: the signals of an edit are computed first, and are constants for the
 * pass through the editor and the edited model. The normaliser takes the rows of a batch in before
 * they are normalised.
 */
public final class EditorTraining implements AutoCloseable {

  private final EditableModel editable;
  private final TransformerModel model;
  private final EditorSettings settings;
  private final List<LinearLayer> layers;
  private final EditorNetwork network;
  private final SortedMap<LayerShape, RunningStatistics> statistics = new TreeMap<>();
  private final List<TrainingEdit> edits;

  /**
   * Prepares a new editor.
   *
   * @param model without edits on it; stays the caller's
   * @param requests what to train on, at least one; a request without rephrasings is asked by its
   *     prompt, one without locality prompts by the prompts of the requests behind it
   * @param settings what the editor is
   * @param seed of its first values
   * @throws BadInputException naming the edit that the model cannot be given, or when no layer is
   *     meant
   */
  public EditorTraining(
      EditableModel model, List<EditRequest> requests, EditorSettings settings, long seed)
      throws BadInputException {
    this.editable = model;
    this.model = model.model();
    this.settings = settings;
    this.layers =
        settings.layers().isEmpty()
            ? EditLayers.feedForward(this.model)
            : EditLayers.matching(this.model, settings.layers());
    this.edits = TrainingEdit.allOf(model, requests);
    SortedMap<String, LayerShape> shapes = new TreeMap<>();
    layers.forEach(layer -> shapes.put(layer.weight(), LayerShape.of(this.model, layer)));
    this.network = new EditorNetwork(this.model.weights().manager(), settings, shapes, seed);
    shapes
        .values()
        .forEach(
            shape -> statistics.computeIfAbsent(shape, s -> new RunningStatistics(s.dimensions())));
  }

  /**
   * Gives the manager whose device is used.
   *
   * @return the manager, closed with this
   */
  public NDManager manager() {
    return network.manager();
  }

  /**
   * Gives what is trained.
   *
   * @return float32 arrays by name, owned by this
   */
  public SortedMap<String, NDArray> parameters() {
    return network.parameters();
  }

  /**
   * Gives what else the editor learns, the normaliser's statistics: part of the state of a
   * training.
   *
   * @return the arrays themselves by name, to be read, or written over when a training resumes
   */
  public SortedMap<String, double[]> memory() {
    return StatisticsFile.arrays(statistics);
  }

  /**
   * Says how many examples there are: each edit with each of its rephrasings.
   *
   * @return at least 1
   */
  public int size() {
    return edits.stream().mapToInt(TrainingEdit::variants).sum();
  }

  /** What one step of a training sees. */
  public interface Step {

    /**
     * Counts the tokens that are computed.
     *
     * @return tokens of the edited forward pass, those that fill up included
     */
    int tokens();

    /**
     * Computes the loss. Called once, while a graph is recorded, inside a scope that is kept open
     * until the backward pass has returned.
     *
     * @return float32 of rank 0
     */
    NDArray loss();
  }

  /**
   * Prepares a step: computes signals, takes them into the normaliser, and asks the unedited model
   * about what must not change.
   *
   * @param examples indices, from 0 to below {@link #size()}
   * @return the step; one is prepared at a time
   * @throws BadInputException when a signal is not finite
   */
  public Step step(int[] examples) throws BadInputException {
    List<PromptSequence> asked = new ArrayList<>();
    List<PromptSequence> judged = new ArrayList<>();
    for (int example : examples) {
      TrainingEdit.Variant variant = variant(example);
      asked.add(variant.edit().prompt());
      judged.addAll(variant.edit().judged(variant.number(), settings.localityPrompts()));
    }
    Map<String, KeyValueRows> signals =
        EditSignals.of(model, layers, asked, settings.method().tokens()).rows();
    signals.values().forEach(rows -> statistics.get(LayerShape.of(rows)).add(rows));
    EditorLoss loss = new EditorLoss(model, settings, judged, 1 + settings.localityPrompts());
    return settings.method() == EditorMethod.MEND
        ? new MendStep(model, network, statistics, signals, examples.length, loss)
        : MalmenStep.of(model, network, statistics, signals, loss);
  }

  private TrainingEdit.Variant variant(int example) {
    int rest = example;
    for (TrainingEdit edit : edits) {
      if (rest < edit.variants()) {
        return new TrainingEdit.Variant(edit, rest);
      }
      rest -= edit.variants();
    }
    throw new IllegalArgumentException("no example " + example);
  }

  /**
   * Writes the editor.
   *
   * @param out the new directory, which appears whole or not at all
   * @return digest of the tensors in it
   * @throws IOException when it cannot be written
   */
  public WeightsDigest save(Path out) throws IOException {
    return EditorDirectory.write(out, editable.baseDigest(), network, statistics);
  }

  @Override
  public void close() {
    network.close();
  }
}
