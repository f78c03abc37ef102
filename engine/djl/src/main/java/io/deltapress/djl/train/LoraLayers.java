package io.deltapress.djl.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.deltapress.djl.memory.ArrayWriter;
import io.deltapress.djl.memory.TensorRuntime;
import io.deltapress.djl.model.LinearLayer;
import io.deltapress.djl.model.ModelWeights;
import io.deltapress.djl.model.TransformerModel;
import io.deltapress.djl.random.SplitMix64;
import io.deltapress.format.BadInputException;
import io.deltapress.format.artifact.NameFilter;
import io.deltapress.format.delta.LinearInput.Orientation;
import io.deltapress.format.lora.LoraModule;
import io.deltapress.format.tensor.WeightsDigest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Adapters on the linear layers of a model: as long as they are attached it computes with W +
 * (alpha / r) · B · A. They begin as PEFT's do: A from the uniform distribution of Kaiming with
 * slope sqrt(5), which is U(±1 / sqrt(inputs)), and B at 0.
 *
 * <p>Owns the factors and takes the adapters off when closed; the weights of the model never
 * change.
 */
final class LoraLayers implements Trainee, AutoCloseable {

  private static final String WEIGHT = ".weight";

  private final TransformerModel model;
  private final Path base;
  private final LoraOptions options;
  private final List<LinearLayer> layers;
  private final NDManager manager;
  private final SortedMap<String, NDArray> factors = new TreeMap<>();

  private LoraLayers(
      TransformerModel model, Path base, LoraOptions options, List<LinearLayer> layers) {
    this.model = model;
    this.base = base;
    this.options = options;
    this.layers = layers;
    this.manager = model.weights().manager().newSubManager();
  }

  /**
   * Attaches new adapters.
   *
   * @param model stays the caller's
   * @param base where it was loaded from
   * @param seed of the first values
   * @throws BadInputException when no layer is meant, or those that are store their matrices in
   *     different ways
   */
  static LoraLayers attach(TransformerModel model, Path base, LoraOptions options, long seed)
      throws BadInputException {
    NameFilter targets = new NameFilter(options.targets(), List.of());
    List<LinearLayer> layers =
        model.linearLayers().stream().filter(layer -> targets.accepts(nameOf(layer))).toList();
    if (layers.isEmpty()) {
      throw BadInputException.of(
          base, "has no linear layer that is meant by " + String.join(", ", options.targets()));
    }
    if (layers.stream().map(LinearLayer::orientation).distinct().count() > 1) {
      throw BadInputException.of(
          base, "stores its matrices in two ways, which one adapter cannot express; name fewer");
    }
    LoraLayers attached = new LoraLayers(model, base, options, layers);
    layers.forEach(layer -> attached.add(layer, seed));
    return attached;
  }

  static String nameOf(LinearLayer layer) {
    String weight = layer.weight();
    return weight.endsWith(WEIGHT)
        ? weight.substring(0, weight.length() - WEIGHT.length())
        : weight;
  }

  private void add(LinearLayer layer, long seed) {
    ModelWeights weights = model.weights();
    String name = nameOf(layer);
    Shape matrix = weights.get(layer.weight()).getShape();
    NDArray a = factor(LoraModule.inputFactorName(name), options.rank(), layer.inputs(matrix));
    NDArray b = factor(LoraModule.outputFactorName(name), layer.outputs(matrix), options.rank());
    ArrayWriter.write(a, 0, uniform(a, layer.inputs(matrix), seed));
    NDArray scale = TensorRuntime.constant(manager, (float) (options.alpha() / options.rank()));
    NDScope.unregister(scale);
    weights.overlay(
        layer.weight(),
        stored -> {
          NDArray product = b.matMul(a).mul(scale);
          boolean inputsFirst = layer.orientation() == Orientation.INPUT_OUTPUT;
          return stored.add(inputsFirst ? product.transpose() : product);
        });
  }

  private NDArray factor(String name, long rows, long columns) {
    NDArray factor = manager.zeros(new Shape(rows, columns), DataType.FLOAT32);
    factor.setName(name);
    NDScope.unregister(factor);
    factors.put(name, factor);
    return factor;
  }

  private static float[] uniform(NDArray factor, long inputs, long seed) {
    SplitMix64 random = InitialWeights.streamOf(factor.getName(), seed);
    double bound = 1 / StrictMath.sqrt(inputs);
    float[] values = new float[Math.toIntExact(factor.size())];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) ((2 * random.nextDouble() - 1) * bound);
    }
    return values;
  }

  @Override
  public NDManager manager() {
    return manager;
  }

  /** Both factors of every layer, under the names they have on disk. */
  @Override
  public SortedMap<String, NDArray> trained() {
    return Collections.unmodifiableSortedMap(factors);
  }

  @Override
  public WeightsDigest save(Path out) throws IOException {
    return new LoraDirectory(base, options, model, layers).save(factors, out);
  }

  @Override
  public void close() {
    layers.forEach(layer -> model.weights().overlay(layer.weight(), null));
    manager.close();
  }
}
