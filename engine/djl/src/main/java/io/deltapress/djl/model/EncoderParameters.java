package io.deltapress.djl.model;

import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The tensors of a BERT or RoBERTa classifier, and their shapes. Buffers that older files hold
 * beside them, such as {@code position_ids}, are no tensors of the model.
 *
 * @param config the model's shape
 */
record EncoderParameters(EncoderConfig config) {

  static final String QUERY = "attention.self.query";
  static final String KEY = "attention.self.key";
  static final String VALUE = "attention.self.value";
  static final String ATTENTION_OUTPUT = "attention.output";
  static final String INTERMEDIATE = "intermediate.dense";
  static final String OUTPUT = "output";

  private static final List<String> PARTS =
      List.of(QUERY, KEY, VALUE, ATTENTION_OUTPUT + ".dense", INTERMEDIATE, OUTPUT + ".dense");

  List<LinearLayer> linearLayers() {
    List<LinearLayer> layers = new ArrayList<>();
    for (int layer = 0; layer < config.layers(); layer++) {
      for (String part : PARTS) {
        layers.add(config.names().linearLayer(layer, part));
      }
    }
    return List.copyOf(layers);
  }

  /** Names of the tensors that classify: those of the two layers behind the blocks. */
  Set<String> head() {
    LinearLayer dense = config.names().headDense(config.family());
    LinearLayer output = config.names().headOutput(config.family());
    return Set.of(
        dense.weight(),
        Objects.requireNonNull(dense.bias()),
        output.weight(),
        Objects.requireNonNull(output.bias()));
  }

  SortedMap<String, Shape> shapes() {
    SortedMap<String, Shape> shapes = new TreeMap<>();
    EncoderNames names = config.names();
    long hidden = config.hiddenSize();
    shapes.put(names.words(), new Shape(config.vocabularySize(), hidden));
    shapes.put(names.positions(), new Shape(config.positionRows(), hidden));
    shapes.put(names.segments(), new Shape(config.segments(), hidden));
    put(shapes, names.embeddingNorm());
    for (int layer = 0; layer < config.layers(); layer++) {
      addLayer(shapes, layer);
    }
    put(shapes, names.headDense(config.family()), hidden, hidden);
    put(shapes, names.headOutput(config.family()), config.labels(), hidden);
    return shapes;
  }

  private void addLayer(SortedMap<String, Shape> shapes, int layer) {
    long hidden = config.hiddenSize();
    for (String part : PARTS) {
      long outputs = part.equals(INTERMEDIATE) ? config.intermediateSize() : hidden;
      long inputs = part.equals(OUTPUT + ".dense") ? config.intermediateSize() : hidden;
      put(shapes, config.names().linearLayer(layer, part), outputs, inputs);
    }
    put(shapes, config.names().norm(layer, ATTENTION_OUTPUT));
    put(shapes, config.names().norm(layer, OUTPUT));
  }

  private void put(SortedMap<String, Shape> shapes, EncoderNames.Norm norm) {
    shapes.put(norm.gain(), new Shape(config.hiddenSize()));
    shapes.put(norm.shift(), new Shape(config.hiddenSize()));
  }

  private static void put(
      SortedMap<String, Shape> shapes, LinearLayer layer, long outputs, long inputs) {
    shapes.put(layer.weight(), new Shape(outputs, inputs));
    shapes.put(Objects.requireNonNull(layer.bias()), new Shape(outputs));
  }
}
