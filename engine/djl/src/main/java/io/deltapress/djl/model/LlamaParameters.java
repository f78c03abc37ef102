package io.deltapress.djl.model;

import ai.djl.ndarray.types.Shape;
import io.deltapress.format.delta.LinearInput.Orientation;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** The tensors of a Llama or Qwen2 model: their names as Hugging Face writes them, and shapes. */
public final class LlamaParameters {

  /** Token embeddings, [vocabulary, hidden]. */
  public static final String EMBEDDING = "model.embed_tokens.weight";

  /** Gain of the last RMSNorm, [hidden]. */
  public static final String FINAL_NORM = "model.norm.weight";

  /** Output head, [vocabulary, hidden]; absent when embeddings are tied. */
  public static final String HEAD = "lm_head.weight";

  private static final List<String> PROJECTIONS =
      List.of(
          "self_attn.q_proj",
          "self_attn.k_proj",
          "self_attn.v_proj",
          "self_attn.o_proj",
          "mlp.gate_proj",
          "mlp.up_proj",
          "mlp.down_proj");

  private static final Set<String> WITH_BIAS_IN_QWEN2 =
      Set.of("self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj");

  private LlamaParameters() {}

  /**
   * Names a tensor of one decoder block.
   *
   * @param layer block index from 0
   * @param part what follows the block's prefix, such as {@code self_attn.q_proj}
   * @return the full tensor name
   */
  public static String ofLayer(int layer, String part) {
    return String.format(Locale.ROOT, "model.layers.%d.%s.weight", layer, part);
  }

  /**
   * Lists every tensor a model of this configuration has.
   *
   * @param config the model's shape
   * @return shape by tensor name
   */
  public static SortedMap<String, Shape> shapes(LlamaConfig config) {
    SortedMap<String, Shape> shapes = new TreeMap<>();
    Shape vocabulary = new Shape(config.vocabularySize(), config.hiddenSize());
    shapes.put(EMBEDDING, vocabulary);
    shapes.put(FINAL_NORM, new Shape(config.hiddenSize()));
    if (!config.tiedEmbeddings()) {
      shapes.put(HEAD, vocabulary);
    }
    for (int layer = 0; layer < config.layers(); layer++) {
      addLayer(shapes, config, layer);
    }
    return shapes;
  }

  /**
   * Says whether a tensor is an attention or feed-forward matrix: what fine-tunes train and deltas
   * prune.
   *
   * @param tensor a tensor name
   * @return true for the seven projections of a block
   */
  public static boolean isProjection(String tensor) {
    return tensor.endsWith("_proj.weight");
  }

  static LinearLayer linearLayer(LlamaConfig config, int layer, String part) {
    String weight = ofLayer(layer, part);
    return config.family() == ModelFamily.QWEN2 && WITH_BIAS_IN_QWEN2.contains(part)
        ? new LinearLayer(weight, bias(layer, part), Orientation.OUTPUT_INPUT)
        : LinearLayer.of(weight);
  }

  private static String bias(int layer, String part) {
    return String.format(Locale.ROOT, "model.layers.%d.%s.bias", layer, part);
  }

  static List<LinearLayer> linearLayers(LlamaConfig config) {
    List<LinearLayer> layers = new ArrayList<>();
    for (int layer = 0; layer < config.layers(); layer++) {
      for (String part : PROJECTIONS) {
        layers.add(linearLayer(config, layer, part));
      }
    }
    return List.copyOf(layers);
  }

  private static void addLayer(SortedMap<String, Shape> shapes, LlamaConfig config, int layer) {
    long hidden = config.hiddenSize();
    long queries = (long) config.heads() * config.headSize();
    long keys = (long) config.keyValueHeads() * config.headSize();
    long inner = config.intermediateSize();
    shapes.put(ofLayer(layer, "input_layernorm"), new Shape(hidden));
    shapes.put(ofLayer(layer, "post_attention_layernorm"), new Shape(hidden));
    shapes.put(ofLayer(layer, "self_attn.q_proj"), new Shape(queries, hidden));
    shapes.put(ofLayer(layer, "self_attn.k_proj"), new Shape(keys, hidden));
    shapes.put(ofLayer(layer, "self_attn.v_proj"), new Shape(keys, hidden));
    shapes.put(ofLayer(layer, "self_attn.o_proj"), new Shape(hidden, queries));
    shapes.put(ofLayer(layer, "mlp.gate_proj"), new Shape(inner, hidden));
    shapes.put(ofLayer(layer, "mlp.up_proj"), new Shape(inner, hidden));
    shapes.put(ofLayer(layer, "mlp.down_proj"), new Shape(hidden, inner));
    if (config.family() == ModelFamily.QWEN2) {
      shapes.put(bias(layer, "self_attn.q_proj"), new Shape(queries));
      shapes.put(bias(layer, "self_attn.k_proj"), new Shape(keys));
      shapes.put(bias(layer, "self_attn.v_proj"), new Shape(keys));
    }
  }
}
