package io.deltapress.djl.model;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.deltapress.format.BadInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** Reads and writes what {@code config.json} says of a Llama or Qwen2 model. */
public final class LlamaConfigFile {

  /** The file's name inside a model directory. */
  public static final String NAME = ModelConfigFile.NAME;

  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  private LlamaConfigFile() {}

  /** Both families share all keys but those of biases and sliding windows, and some defaults. */
  static LlamaConfig config(ModelFamily family, ConfigJson json) throws BadInputException {
    json.requireDefault("hidden_act", "silu");
    json.requireDefault("rope_scaling", "null");
    json.requireDefault("pretraining_tp", "1");
    if (family == ModelFamily.QWEN2) {
      json.requireDefault("use_sliding_window", "false");
      json.requireAll("layer_types", "full_attention");
    } else {
      json.requireDefault("attention_bias", "false");
      json.requireDefault("mlp_bias", "false");
    }
    int hidden = json.integer("hidden_size");
    int heads = json.integer("num_attention_heads");
    boolean qwen2 = family == ModelFamily.QWEN2;
    return new LlamaConfig(
        family,
        json.integer("vocab_size"),
        hidden,
        json.integer("intermediate_size"),
        json.integer("num_hidden_layers"),
        heads,
        json.integer("num_key_value_heads", heads),
        json.integer("head_dim", heads < 1 ? 0 : hidden / heads),
        json.decimal("rms_norm_eps", 1e-6),
        ropeTheta(json),
        json.integer("max_position_embeddings", qwen2 ? 32_768 : 2048),
        json.flag("tie_word_embeddings", false),
        json.firstInteger("bos_token_id", qwen2 ? 151_643 : 1),
        json.firstInteger("eos_token_id", qwen2 ? 151_643 : 2));
  }

  /** Newer writers put rotary settings into an object of their own. */
  private static double ropeTheta(ConfigJson json) throws BadInputException {
    ConfigJson rope =
        json.isAbsent("rope_parameters")
            ? json
            : new ConfigJson(json.file(), json.root().path("rope_parameters"));
    rope.requireDefault("rope_type", "default");
    return rope.decimal("rope_theta", 10_000);
  }

  /**
   * Writes a configuration as Hugging Face's own writer would, weights named bfloat16.
   *
   * @param config the model's shape
   * @param file where to write
   * @throws IOException when the file cannot be written
   */
  public static void write(LlamaConfig config, Path file) throws IOException {
    ObjectNode root = JSON.createObjectNode();
    root.putArray("architectures").add(config.family().architecture());
    root.put("model_type", config.family() == ModelFamily.QWEN2 ? "qwen2" : "llama");
    root.put("torch_dtype", "bfloat16");
    root.put("hidden_act", "silu");
    if (config.family() == ModelFamily.LLAMA) {
      root.put("attention_bias", false);
      root.put("mlp_bias", false);
    }
    sizes(config).forEach(root::put);
    root.put("rms_norm_eps", config.normEpsilon());
    root.put("rope_theta", config.ropeTheta());
    root.put("tie_word_embeddings", config.tiedEmbeddings());
    Files.writeString(file, JSON.writeValueAsString(root).replace("\r\n", "\n") + "\n");
  }

  private static Map<String, Integer> sizes(LlamaConfig config) {
    Map<String, Integer> sizes = new LinkedHashMap<>();
    sizes.put("vocab_size", config.vocabularySize());
    sizes.put("hidden_size", config.hiddenSize());
    sizes.put("intermediate_size", config.intermediateSize());
    sizes.put("num_hidden_layers", config.layers());
    sizes.put("num_attention_heads", config.heads());
    sizes.put("num_key_value_heads", config.keyValueHeads());
    sizes.put("head_dim", config.headSize());
    sizes.put("max_position_embeddings", config.maxPositions());
    sizes.put("bos_token_id", config.beginToken());
    sizes.put("eos_token_id", config.endToken());
    return sizes;
  }
}
