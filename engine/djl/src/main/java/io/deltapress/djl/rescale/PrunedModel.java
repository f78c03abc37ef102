package io.deltapress.djl.rescale;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.deltapress.djl.importance.TensorDeltas;
import io.deltapress.djl.model.ModelDirectory;
import io.deltapress.djl.model.ModelWeights;
import io.deltapress.djl.model.TransformerModel;
import io.deltapress.djl.model.WeightsReader;
import io.deltapress.format.artifact.Method;
import io.deltapress.format.artifact.RescaleFactors;
import io.deltapress.format.mask.DrawnMasks;
import io.deltapress.format.mask.KeepProbability;
import io.deltapress.format.mask.MaskBlocks;
import io.deltapress.format.mask.MaskCursor;
import io.deltapress.format.mask.MaskGenerator;
import io.deltapress.format.mask.StructuralMaskGenerator;
import io.deltapress.format.tensor.Checkpoint;
import io.deltapress.format.tensor.Checkpoints;
import io.deltapress.format.tensor.DType;
import io.deltapress.format.tensor.TensorInfo;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A base plus a fine-tune's delta, pruned and rescaled in memory as often as one likes, with the
 * masks that artifacts use. Tensors that are not to be pruned stay the fine-tune's.
 *
 * <p>Results are left in float32, an artifact rounds them to the base's type: close enough to
 * choose a rescale factor by.
 *
 * <p>The device holds the model, the heap 8 bytes per parameter of the tensors that are pruned.
 */
public final class PrunedModel implements AutoCloseable, TensorDeltas {

  private final TransformerModel model;
  private final Method method;
  private final SortedMap<String, float[]> base = new TreeMap<>();
  private final SortedMap<String, float[]> deltas = new TreeMap<>();

  private PrunedModel(TransformerModel model, Method method) {
    this.model = model;
    this.method = method;
  }

  /**
   * Loads both models; at first the weights are the fine-tune's, bit for bit.
   *
   * @param manager whose device is used, and which closes the model at the latest
   * @param base a Hugging Face directory
   * @param fineTuned a Hugging Face directory of the same shape
   * @param pruned names of the tensors to prune
   * @param method whose masks are drawn; one that draws masks at all
   * @return the model, closed by the caller
   * @throws io.deltapress.format.BadInputException when the base lacks a tensor of the fine-tune or
   *     has it in another shape, or a model is unusable
   * @throws IOException when a file cannot be read
   */
  public static PrunedModel open(
      NDManager manager, Path base, Path fineTuned, Predicate<String> pruned, Method method)
      throws IOException {
    PrunedModel opened = new PrunedModel(ModelDirectory.load(manager, fineTuned), method);
    try (Checkpoint checkpoint = Checkpoints.open(base)) {
      for (String name : opened.model.weights().arrays().keySet()) {
        if (pruned.test(name)) {
          opened.keepDelta(name, read(manager, checkpoint, name, opened.shape(name)));
        }
      }
      return opened;
    } catch (IOException e) {
      opened.close();
      throw e;
    }
  }

  private static float[] read(NDManager manager, Checkpoint checkpoint, String name, Shape shape)
      throws IOException {
    SortedMap<String, Shape> one = new TreeMap<>();
    one.put(name, shape);
    try (ModelWeights weights = new ModelWeights(manager, one)) {
      new WeightsReader(checkpoint).fill(weights);
      return weights.read(name);
    }
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
   * Lists what is pruned.
   *
   * @return names of the tensors that differ and are to be pruned
   */
  public SortedSet<String> tensors() {
    return new TreeSet<>(deltas.keySet());
  }

  /**
   * Gives the shape of a tensor.
   *
   * @param tensor its name
   * @return its shape
   */
  Shape shape(String tensor) {
    return model.weights().get(tensor).getShape();
  }

  @Override
  public float @Nullable [] delta(String tensor) {
    return deltas.get(tensor);
  }

  /**
   * Replaces the weights by base plus pruned delta.
   *
   * @param pruneRate probability that a parameter's delta is dropped, 0 to 1
   * @param factors what kept deltas are divided by
   * @param seed of the masks
   * @throws IOException never, masks being drawn
   */
  public void prune(double pruneRate, RescaleFactors factors, long seed) throws IOException {
    DrawnMasks masks = masks(pruneRate, seed);
    for (String name : deltas.keySet()) {
      float[] delta = deltas.get(name);
      float[] result = base.get(name).clone();
      float factor = (float) factors.factor(name);
      forEachKept(masks, name, at -> result[at] += delta[at] / factor);
      model.weights().write(name, 0, result);
    }
  }

  /**
   * Multiplies the kept deltas of a tensor by as many numbers and adds up the products.
   *
   * @param pruneRate as in {@link #prune}
   * @param seed as in {@link #prune}
   * @param tensor a tensor that is pruned
   * @param with one number per element of the tensor
   * @return the sum
   * @throws IOException never, masks being drawn
   */
  double keptProduct(double pruneRate, long seed, String tensor, float[] with) throws IOException {
    DrawnMasks masks = masks(pruneRate, seed);
    float[] delta = deltas.get(tensor);
    double[] sum = new double[1];
    forEachKept(masks, tensor, at -> sum[0] += (double) delta[at] * with[at]);
    return sum[0];
  }

  @FunctionalInterface
  private interface Element {
    void at(int index);
  }

  private DrawnMasks masks(double pruneRate, long seed) {
    KeepProbability keep = KeepProbability.ofPruneRate(pruneRate);
    return switch (method) {
      case DARE, DAREX_Q -> new MaskGenerator(seed, keep);
      case STRUCTURAL -> new StructuralMaskGenerator(seed, keep);
      case MAGNITUDE, WANDA ->
          throw new IllegalArgumentException(method + " looks at values and draws no mask");
    };
  }

  private void forEachKept(DrawnMasks masks, String tensor, Element element) throws IOException {
    int elements = deltas.get(tensor).length;
    long[] dimensions = shape(tensor).getShape();
    MaskCursor cursor =
        masks.cursor(
            new TensorInfo(tensor, DType.F32, io.deltapress.format.tensor.Shape.of(dimensions)));
    char[] positions = new char[MaskBlocks.ELEMENTS];
    for (int block = 0; block < MaskBlocks.count(elements); block++) {
      int start = block * MaskBlocks.ELEMENTS;
      int length = MaskBlocks.length(elements, block);
      int kept = cursor.next(length, positions);
      for (int i = 0; i < kept; i++) {
        element.at(start + positions[i]);
      }
    }
  }

  @Override
  public void close() {
    model.close();
  }
}
