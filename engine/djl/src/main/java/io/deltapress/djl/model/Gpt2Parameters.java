package io.deltapress.djl.model;

import ai.djl.ndarray.types.Shape;
import io.deltapress.format.delta.LinearInput.Orientation;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The tensors of a GPT-2 model: their names as Hugging Face writes them, and shapes. Buffers that
 * older files hold beside them, such as {@code attn.bias}, are no tensors of the model.
 *
 * @param config the model's shape
 */
record Gpt2Parameters(Gpt2Config config) {

  /** Token embeddings, [vocabulary, hidden], without the prefix. */
  static final String EMBEDDING = "wte.weight";

  /** Output head, [vocabulary, hidden], which never has the prefix; absent when tied. */
  static final String HEAD = "lm_head.weight";

  private static final List<String> PARTS =
      List.of("attn.c_attn", "attn.c_proj", "mlp.c_fc", "mlp.c_proj");

  String embedding() {
    return config.prefix() + EMBEDDING;
  }

  String positions() {
    return config.prefix() + "wpe.weight";
  }

  String head() {
    return config.tiedEmbeddings() ? embedding() : HEAD;
  }

  /** Name of one of the two vectors of the last norm. */
  String finalNorm(String vector) {
    return config.prefix() + "ln_f." + vector;
  }

  /** Name of a tensor of one block. */
  String ofLayer(int layer, String tensor) {
    return String.format(Locale.ROOT, "%sh.%d.%s", config.prefix(), layer, tensor);
  }

  LinearLayer linearLayer(int layer, String part) {
    return new LinearLayer(
        ofLayer(layer, part + ".weight"), ofLayer(layer, part + ".bias"), Orientation.INPUT_OUTPUT);
  }

  List<LinearLayer> linearLayers() {
    List<LinearLayer> layers = new ArrayList<>();
    for (int layer = 0; layer < config.layers(); layer++) {
      for (String part : PARTS) {
        layers.add(linearLayer(layer, part));
      }
    }
    return List.copyOf(layers);
  }

  SortedMap<String, Shape> shapes() {
    SortedMap<String, Shape> shapes = new TreeMap<>();
    long hidden = config.hiddenSize();
    shapes.put(embedding(), new Shape(config.vocabularySize(), hidden));
    shapes.put(head(), new Shape(config.vocabularySize(), hidden));
    shapes.put(positions(), new Shape(config.maxPositions(), hidden));
    shapes.put(finalNorm("weight"), new Shape(hidden));
    shapes.put(finalNorm("bias"), new Shape(hidden));
    for (int layer = 0; layer < config.layers(); layer++) {
      for (String norm : List.of("ln_1.weight", "ln_1.bias", "ln_2.weight", "ln_2.bias")) {
        shapes.put(ofLayer(layer, norm), new Shape(hidden));
      }
      long inner = config.intermediateSize();
      put(shapes, linearLayer(layer, "attn.c_attn"), hidden, 3 * hidden);
      put(shapes, linearLayer(layer, "attn.c_proj"), hidden, hidden);
      put(shapes, linearLayer(layer, "mlp.c_fc"), hidden, inner);
      put(shapes, linearLayer(layer, "mlp.c_proj"), inner, hidden);
    }
    return shapes;
  }

  private static void put(
      SortedMap<String, Shape> shapes, LinearLayer layer, long inputs, long outputs) {
    shapes.put(layer.weight(), new Shape(inputs, outputs));
    shapes.put(Objects.requireNonNull(layer.bias()), new Shape(outputs));
  }
}
