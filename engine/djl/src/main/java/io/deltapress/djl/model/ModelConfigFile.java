package io.deltapress.djl.model;

import io.deltapress.format.BadInputException;
import java.io.IOException;
import java.nio.file.Path;

/** Reads Hugging Face's {@code config.json} of any family that is computed here. */
public final class ModelConfigFile {

  /** The file's name inside a model directory. */
  public static final String NAME = "config.json";

  private ModelConfigFile() {}

  /**
   * Reads a configuration.
   *
   * @param file a {@code config.json}
   * @return the model's shape
   * @throws BadInputException when the file is no JSON, names an architecture or a variant that is
   *     not computed here, or lacks a key
   * @throws IOException when the file cannot be read
   */
  public static ModelConfig read(Path file) throws IOException {
    ConfigJson json = ConfigJson.read(file);
    try {
      ModelFamily family = ModelFamily.of(json.architecture());
      return switch (family) {
        case LLAMA, QWEN2 -> LlamaConfigFile.config(family, json);
        case GPT2 -> Gpt2ConfigFile.config(json);
        case BERT, ROBERTA -> EncoderConfigFile.config(family, json);
      };
    } catch (IllegalArgumentException e) {
      throw BadInputException.of(file, e.getMessage());
    }
  }
}
