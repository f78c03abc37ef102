package io.deltapress.djl.edit;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.deltapress.djl.memory.ArrayWriter;
import io.deltapress.djl.memory.TensorRuntime;
import io.deltapress.djl.random.SplitMix64;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.zip.CRC32;

/**
 * The networks of an editor, one per shape of weight (MEND, Mitchell et al., 2022, section 3.2 and
 * equation 3): two residual blocks of low rank over the normalised signals z = (u, delta), with a
 * scale s and an offset o of their own for each layer.
 *
 * <pre>
 * MEND:    x + clip(s * (U (V x) + b) + o)       MALMEN:  x + s * clip(U (V x) + b) + o
 * </pre>
 *
 * <p>U, b and o begin at 0 and s at 1, so a new editor gives back its input, bit for bit. clip cuts
 * off below 0 and has gradient 1 at 0; with a ReLU, whose gradient there is 0, U would never move.
 * V begins in Xavier's uniform distribution. The learned rate of a layer is {@code editRate *
 * exp(10 theta)}: always positive, and moving ten times as fast as other parameters.
 *
 * <p>Owns its parameters until closed. A forward pass may be recorded, and belongs to the caller's
 * scope.
 */
final class EditorNetwork implements AutoCloseable {

  private static final int BLOCKS = 2;
  private static final double RATE_SPEED = 10;

  private final NDManager manager;
  private final EditorSettings settings;
  private final SortedMap<String, LayerShape> layers;
  private final SortedMap<String, NDArray> parameters = new TreeMap<>();

  /**
   * Makes networks that give back their input.
   *
   * @param parent whose device is used
   * @param layers shape of each edited weight, by name
   * @param seed of the first values
   */
  EditorNetwork(
      NDManager parent, EditorSettings settings, SortedMap<String, LayerShape> layers, long seed) {
    this.manager = parent.newSubManager();
    this.settings = settings;
    this.layers = Collections.unmodifiableSortedMap(layers);
    layers.values().stream().distinct().forEach(shape -> addNetwork(shape, seed));
    layers.forEach(this::addLayer);
  }

  private void addNetwork(LayerShape shape, long seed) {
    long dimensions = shape.dimensions();
    long rank = Math.min(settings.rank(), dimensions);
    for (int block = 0; block < BLOCKS; block++) {
      add(network(shape, block, "u"), new Shape(dimensions, rank));
      add(network(shape, block, "b"), new Shape(dimensions));
      String v = network(shape, block, "v");
      ArrayWriter.write(add(v, new Shape(rank, dimensions)), 0, xavier(v, rank, dimensions, seed));
    }
  }

  private void addLayer(String weight, LayerShape shape) {
    for (int block = 0; block < BLOCKS; block++) {
      NDArray scale = add(film(weight, block, "scale"), new Shape(shape.dimensions()));
      float[] ones = new float[shape.dimensions()];
      Arrays.fill(ones, 1);
      ArrayWriter.write(scale, 0, ones);
      add(film(weight, block, "offset"), new Shape(shape.dimensions()));
    }
    add("rate/" + weight, new Shape(1));
    if (settings.method() == EditorMethod.MALMEN) {
      add("ridge/" + weight, new Shape(1));
    }
  }

  private NDArray add(String name, Shape shape) {
    NDArray array = manager.zeros(shape, DataType.FLOAT32);
    array.setName(name);
    NDScope.unregister(array);
    parameters.put(name, array);
    return array;
  }

  private static String network(LayerShape shape, int block, String part) {
    return "network/%s/%d/%s".formatted(shape, block, part);
  }

  private static String film(String weight, int block, String part) {
    return "film/%s/%d/%s".formatted(weight, block, part);
  }

  private static float[] xavier(String name, long rows, long columns, long seed) {
    CRC32 checksum = new CRC32();
    checksum.update(name.getBytes(StandardCharsets.UTF_8));
    SplitMix64 random = SplitMix64.forPurpose(seed, checksum.getValue());
    double bound = StrictMath.sqrt(6.0 / (rows + columns));
    float[] values = new float[Math.toIntExact(rows * columns)];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) ((2 * random.nextDouble() - 1) * bound);
    }
    return values;
  }

  /** Everything that is trained, by name; owned by this network. */
  SortedMap<String, NDArray> parameters() {
    return Collections.unmodifiableSortedMap(parameters);
  }

  /** Shape of each edited weight, by name. */
  SortedMap<String, LayerShape> layers() {
    return layers;
  }

  EditorSettings settings() {
    return settings;
  }

  NDManager manager() {
    return manager;
  }

  /**
   * Transforms normalised signals of a layer.
   *
   * @param rows float32 [rows, inputs + outputs]
   * @return of the same shape
   */
  NDArray forward(String weight, NDArray rows) {
    LayerShape shape = layers.get(weight);
    NDArray x = rows;
    for (int block = 0; block < BLOCKS; block++) {
      NDArray low = x.matMul(parameter(network(shape, block, "v")).transpose());
      NDArray mixed =
          low.matMul(parameter(network(shape, block, "u")).transpose())
              .add(parameter(network(shape, block, "b")));
      NDArray scale = parameter(film(weight, block, "scale"));
      NDArray offset = parameter(film(weight, block, "offset"));
      NDArray added =
          settings.method() == EditorMethod.MEND
              ? positive(mixed.mul(scale).add(offset))
              : positive(mixed).mul(scale).add(offset);
      x = x.add(added);
    }
    return x;
  }

  private static NDArray positive(NDArray x) {
    return x.clip(0f, Float.POSITIVE_INFINITY);
  }

  private NDArray parameter(String name) {
    NDArray array = parameters.get(name);
    if (array == null) {
      throw new IllegalArgumentException("the editor has no parameter " + name);
    }
    return array;
  }

  /** The learned rate of a layer, positive, float32 [1]. */
  NDArray rate(String weight) {
    NDArray speed = TensorRuntime.constant(manager, (float) RATE_SPEED);
    NDArray first = TensorRuntime.constant(manager, (float) settings.editRate());
    return parameter("rate/" + weight).mul(speed).exp().mul(first);
  }

  /** Logarithm of the ridge of a layer, float32 [1]; MALMEN only. */
  NDArray logRidge(String weight) {
    return parameter("ridge/" + weight);
  }

  @Override
  public void close() {
    manager.close();
  }
}
