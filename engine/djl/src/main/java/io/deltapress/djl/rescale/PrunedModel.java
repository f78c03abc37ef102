package io.deltapress.djl.rescale;

import ai.djl.ndarray.NDManager;
import io.deltapress.djl.model.ModelDirectory;
import io.deltapress.djl.model.TransformerModel;
import io.deltapress.format.mask.KeepProbability;
import io.deltapress.format.mask.MaskBlocks;
import io.deltapress.format.mask.MaskGenerator;
import io.deltapress.format.mask.SeededMask;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A base plus a fine-tune's delta, pruned and rescaled in memory as often as one likes, with the
 * masks that artifacts use.
 *
 * <p>Results are left in float32, an artifact rounds them to the base's type: close enough to
 * choose a rescale factor by.
 */
public final class PrunedModel implements AutoCloseable {

  private final TransformerModel model;
  private final SortedMap<String, float[]> base = new TreeMap<>();
  private final SortedMap<String, float[]> deltas = new TreeMap<>();

  private PrunedModel(TransformerModel model) {
    this.model = model;
  }

  /**
   * Loads both models; at first the whole delta is applied.
   *
   * @param manager whose device is used, and which closes the model at the latest
   * @param base a Hugging Face directory
   * @param fineTuned a Hugging Face directory of the same shape
   * @return the model, closed by the caller
   * @throws IOException when a model is unusable
   */
  public static PrunedModel open(NDManager manager, Path base, Path fineTuned) throws IOException {
    PrunedModel pruned = new PrunedModel(ModelDirectory.load(manager, fineTuned));
    try (TransformerModel baseModel = ModelDirectory.load(manager, base)) {
      for (String name : pruned.model.weights().arrays().keySet()) {
        pruned.keepDelta(name, baseModel.weights().read(name));
      }
    }
    return pruned;
  }

  private void keepDelta(String name, float[] from) {
    float[] to = model.weights().read(name);
    if (!Arrays.equals(from, to)) {
      float[] delta = new float[from.length];
      for (int i = 0; i < delta.length; i++) {
        delta[i] = to[i] - from[i];
      }
      base.put(name, from);
      deltas.put(name, delta);
    }
  }

  /**
   * Gives the model, whose weights {@link #prune} changes.
   *
   * @return the model, closed with this
   */
  public TransformerModel model() {
    return model;
  }

  /**
   * Replaces the weights by base plus pruned delta.
   *
   * @param pruneRate probability that a parameter's delta is dropped, 0 to 1
   * @param rescale what kept deltas are divided by, positive
   * @param seed of the masks
   */
  public void prune(double pruneRate, double rescale, long seed) {
    MaskGenerator masks = new MaskGenerator(seed, KeepProbability.ofPruneRate(pruneRate));
    deltas.forEach(
        (name, delta) ->
            model
                .weights()
                .write(name, 0, pruned(base.get(name), delta, masks.mask(name), (float) rescale)));
  }

  private static float[] pruned(float[] from, float[] delta, SeededMask mask, float rescale) {
    float[] result = from.clone();
    char[] positions = new char[MaskBlocks.ELEMENTS];
    for (int block = 0; block < MaskBlocks.count(result.length); block++) {
      int start = block * MaskBlocks.ELEMENTS;
      int kept = mask.positions(block, MaskBlocks.length(result.length, block), positions);
      for (int i = 0; i < kept; i++) {
        int at = start + positions[i];
        result[at] += delta[at] / rescale;
      }
    }
    return result;
  }

  @Override
  public void close() {
    model.close();
  }
}
