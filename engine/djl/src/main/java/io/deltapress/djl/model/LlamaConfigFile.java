package io.deltapress.djl.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.deltapress.format.BadInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** Reads and writes Hugging Face's {@code config.json} for the Llama family. */
public final class LlamaConfigFile {

  /** The file's name inside a model directory. */
  public static final String NAME = "config.json";

  private static final String ARCHITECTURE = ModelFamily.LLAMA.architecture();
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  private LlamaConfigFile() {}

  /**
   * Reads a configuration.
   *
   * @param file a {@code config.json}
   * @return the model's shape
   * @throws BadInputException when the file is no JSON, names another architecture or a variant
   *     that is not computed here, or lacks a key
   * @throws IOException when the file cannot be read
   */
  public static LlamaConfig read(Path file) throws IOException {
    JsonNode root = parse(file);
    requireLlama(file, root);
    try {
      return config(root);
    } catch (IllegalArgumentException e) {
      throw new BadInputException(file + ": " + e.getMessage());
    }
  }

  private static JsonNode parse(Path file) throws IOException {
    if (!Files.isRegularFile(file)) {
      throw new BadInputException(
          file + ": no such file; give a Hugging Face model directory with its config.json");
    }
    try {
      JsonNode root = JSON.readTree(Files.readAllBytes(file));
      if (root.isObject()) {
        return root;
      }
    } catch (JsonProcessingException e) {
      throw new BadInputException(
          "%s: not JSON at line %d: give the config.json of a Hugging Face model"
              .formatted(file, e.getLocation().getLineNr()));
    }
    throw new BadInputException(file + ": must hold one JSON object");
  }

  private static void requireLlama(Path file, JsonNode root) throws BadInputException {
    JsonNode architectures = root.path("architectures");
    String architecture =
        architectures.isArray() && !architectures.isEmpty()
            ? architectures.get(0).asText()
            : "none";
    if (!architecture.equals(ARCHITECTURE)) {
      throw new BadInputException(
          "%s: architecture %s is not supported; only %s is"
              .formatted(file, architecture, ARCHITECTURE));
    }
    requireDefault(file, root, "hidden_act", "silu");
    requireDefault(file, root, "attention_bias", "false");
    requireDefault(file, root, "mlp_bias", "false");
    requireDefault(file, root, "rope_scaling", "null");
    requireDefault(file, root, "pretraining_tp", "1");
  }

  private static void requireDefault(Path file, JsonNode root, String key, String supported)
      throws BadInputException {
    JsonNode value = root.path(key);
    if (!value.isMissingNode() && !value.isNull() && !value.asText().equals(supported)) {
      throw new BadInputException(
          "%s: %s %s is not supported; only %s is".formatted(file, key, value, supported));
    }
  }

  private static LlamaConfig config(JsonNode root) {
    int hidden = integer(root, "hidden_size");
    int heads = integer(root, "num_attention_heads");
    return new LlamaConfig(
        integer(root, "vocab_size"),
        hidden,
        integer(root, "intermediate_size"),
        integer(root, "num_hidden_layers"),
        heads,
        integer(root, "num_key_value_heads", heads),
        integer(root, "head_dim", headSize(hidden, heads)),
        decimal(root, "rms_norm_eps", 1e-6),
        decimal(root, "rope_theta", 10_000),
        integer(root, "max_position_embeddings", 2048),
        root.path("tie_word_embeddings").asBoolean(false),
        firstInteger(root, "bos_token_id", 1),
        firstInteger(root, "eos_token_id", 2));
  }

  private static int headSize(int hidden, int heads) {
    return heads < 1 ? 0 : hidden / heads;
  }

  private static int integer(JsonNode root, String key) {
    JsonNode value = root.path(key);
    if (!value.canConvertToInt() || !value.isIntegralNumber()) {
      throw new IllegalArgumentException("key %s must be an integer".formatted(key));
    }
    return value.intValue();
  }

  private static int integer(JsonNode root, String key, int fallback) {
    return root.path(key).isMissingNode() || root.path(key).isNull()
        ? fallback
        : integer(root, key);
  }

  /** Newer models list several end tokens; the first one ends an answer here. */
  private static int firstInteger(JsonNode root, String key, int fallback) {
    JsonNode value = root.path(key);
    return value.isArray() && !value.isEmpty()
        ? value.get(0).intValue()
        : integer(root, key, fallback);
  }

  private static double decimal(JsonNode root, String key, double fallback) {
    JsonNode value = root.path(key);
    if (value.isMissingNode() || value.isNull()) {
      return fallback;
    }
    if (!value.isNumber()) {
      throw new IllegalArgumentException("key %s must be a number".formatted(key));
    }
    return value.doubleValue();
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
    root.putArray("architectures").add(ARCHITECTURE);
    root.put("model_type", "llama");
    root.put("torch_dtype", "bfloat16");
    root.put("hidden_act", "silu");
    root.put("attention_bias", false);
    root.put("mlp_bias", false);
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
