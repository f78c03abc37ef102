package io.deltapress.djl.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.deltapress.djl.memory.ArrayWriter;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The float32 weights of one model, by tensor name; owns their native memory until closed.
 *
 * <p>Arrays are created empty and filled in blocks, so no second copy of a tensor is needed.
 */
public final class ModelWeights implements AutoCloseable {

  private final NDManager manager;
  private final SortedMap<String, NDArray> arrays;
  private final Map<String, UnaryOperator<NDArray>> overlays = new HashMap<>();

  /**
   * Allocates weights of value 0.
   *
   * @param parent the manager whose device is used, and which closes these weights at the latest
   * @param shapes shape of each tensor, by name
   */
  public ModelWeights(NDManager parent, SortedMap<String, Shape> shapes) {
    this.manager = parent.newSubManager();
    SortedMap<String, NDArray> zeros = new TreeMap<>();
    shapes.forEach((name, shape) -> zeros.put(name, zeros(name, shape)));
    this.arrays = Collections.unmodifiableSortedMap(zeros);
  }

  private NDArray zeros(String name, Shape shape) {
    NDArray array = manager.zeros(shape, DataType.FLOAT32);
    array.setName(name);
    NDScope.unregister(array);
    return array;
  }

  /**
   * Gives the manager that owns the weights.
   *
   * @return the manager, closed with these weights
   */
  public NDManager manager() {
    return manager;
  }

  /**
   * Gives all weights.
   *
   * @return array by tensor name; unmodifiable
   */
  public SortedMap<String, NDArray> arrays() {
    return arrays;
  }

  /**
   * Gives one weight, as the model is to compute with it.
   *
   * @param tensor its name
   * @return the array, owned by these weights; what its overlay makes of it where there is one
   * @throws IllegalArgumentException when the model has no such tensor
   */
  public NDArray get(String tensor) {
    UnaryOperator<NDArray> overlay = overlays.get(tensor);
    return overlay == null ? stored(tensor) : overlay.apply(stored(tensor));
  }

  /**
   * Lets the model compute with something else in place of a weight, such as its sum with a
   * low-rank product. What is stored, written and read stays as it is.
   *
   * @param tensor its name
   * @param overlay makes an array of the same shape in the caller's scope, each time it is asked
   *     for; null takes off what was there
   * @throws IllegalArgumentException when the model has no such tensor
   */
  public void overlay(String tensor, @Nullable UnaryOperator<NDArray> overlay) {
    stored(tensor);
    if (overlay == null) {
      overlays.remove(tensor);
    } else {
      overlays.put(tensor, overlay);
    }
  }

  private NDArray stored(String tensor) {
    NDArray array = arrays.get(tensor);
    if (array == null) {
      throw new IllegalArgumentException("the model has no tensor " + tensor);
    }
    return array;
  }

  /**
   * Overwrites a run of elements.
   *
   * @param tensor the tensor to write
   * @param firstElement row-major index of the first element
   * @param values the new values, copied
   */
  public void write(String tensor, long firstElement, float[] values) {
    ArrayWriter.write(stored(tensor), firstElement, values);
  }

  /**
   * Copies a tensor's elements to the heap.
   *
   * @param tensor the tensor to read
   * @return its elements, row-major
   */
  public float[] read(String tensor) {
    return stored(tensor).toFloatArray();
  }

  @Override
  public void close() {
    manager.close();
  }
}
