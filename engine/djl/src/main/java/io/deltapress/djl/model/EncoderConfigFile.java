package io.deltapress.djl.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.deltapress.format.BadInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads and writes what {@code config.json} says of a BERT or RoBERTa model. */
public final class EncoderConfigFile {

  private static final int DEFAULT_LABELS = 2;
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  private EncoderConfigFile() {}

  static EncoderConfig config(ModelFamily family, ConfigJson json) throws BadInputException {
    json.requireDefault("hidden_act", "gelu");
    json.requireDefault("position_embedding_type", "absolute");
    json.requireDefault("is_decoder", "false");
    json.requireDefault("add_cross_attention", "false");
    boolean roberta = family == ModelFamily.ROBERTA;
    int padding = json.integer("pad_token_id", roberta ? 1 : 0);
    return new EncoderConfig(
        family,
        json.integer("vocab_size"),
        json.integer("hidden_size"),
        json.integer("intermediate_size"),
        json.integer("num_hidden_layers"),
        json.integer("num_attention_heads"),
        json.decimal("layer_norm_eps", 1e-12),
        json.integer("max_position_embeddings", 512),
        roberta ? padding + 1 : 0,
        json.integer("type_vocab_size", 2),
        labels(json),
        EncoderNames.of(family));
  }

  /** Two labels are Hugging Face's default, which its writer leaves out. */
  private static int labels(ConfigJson json) {
    JsonNode named = json.root().path("id2label");
    return named.isObject() && !named.isEmpty()
        ? named.size()
        : json.integer("num_labels", DEFAULT_LABELS);
  }

  /**
   * Writes a configuration as Hugging Face's own writer would, weights named bfloat16.
   *
   * @param config the model's shape; a RoBERTa model's padding id is the one before its first
   *     position
   * @param file where to write
   * @throws IOException when the file cannot be written
   */
  public static void write(EncoderConfig config, Path file) throws IOException {
    ObjectNode root = JSON.createObjectNode();
    root.put("model_type", config.family() == ModelFamily.ROBERTA ? "roberta" : "bert");
    root.put("torch_dtype", "bfloat16");
    root.put("hidden_act", "gelu");
    root.put("position_embedding_type", "absolute");
    root.put("vocab_size", config.vocabularySize());
    root.put("hidden_size", config.hiddenSize());
    root.put("intermediate_size", config.intermediateSize());
    root.put("num_hidden_layers", config.layers());
    root.put("num_attention_heads", config.heads());
    root.put("max_position_embeddings", config.positionRows());
    root.put("type_vocab_size", config.segments());
    root.put("layer_norm_eps", config.normEpsilon());
    root.put("pad_token_id", Math.max(0, config.firstPosition() - 1));
    putHead(config, root);
    write(root, file);
  }

  /**
   * Copies a configuration and changes what it says of the head.
   *
   * @param source a {@code config.json} of the same encoder
   * @param config the shape to describe
   * @param file where to write
   * @throws IOException when a file cannot be read or written
   */
  public static void writeWithHead(Path source, EncoderConfig config, Path file)
      throws IOException {
    ObjectNode root = ConfigJson.read(source).root().deepCopy();
    root.remove("num_labels");
    putHead(config, root);
    write(root, file);
  }

  private static void putHead(EncoderConfig config, ObjectNode root) {
    root.putArray("architectures").add(config.family().architecture());
    ObjectNode labels = root.putObject("id2label");
    ObjectNode ids = root.putObject("label2id");
    for (int id = 0; id < config.labels(); id++) {
      labels.put(Integer.toString(id), "LABEL_" + id);
      ids.put("LABEL_" + id, id);
    }
    root.put("problem_type", config.labels() == 1 ? "regression" : "single_label_classification");
  }

  private static void write(ObjectNode root, Path file) throws IOException {
    Files.writeString(file, JSON.writeValueAsString(root).replace("\r\n", "\n") + "\n");
  }
}
