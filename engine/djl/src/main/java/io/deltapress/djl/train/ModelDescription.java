package io.deltapress.djl.train;

import io.deltapress.djl.model.EncoderConfig;
import io.deltapress.djl.model.EncoderConfigFile;
import io.deltapress.djl.model.LlamaConfig;
import io.deltapress.djl.model.LlamaConfigFile;
import io.deltapress.djl.model.ModelConfigFile;
import io.deltapress.djl.model.TextTokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The files beside the weights of a new model, in a temporary directory until closed.
 *
 * @param directory holds config.json and tokenizer.json
 */
record ModelDescription(Path directory) implements AutoCloseable {

  private static final List<String> TOKENIZER_FILES =
      List.of(
          TextTokenizer.NAME,
          "tokenizer_config.json",
          "special_tokens_map.json",
          "vocab.txt",
          "vocab.json",
          "merges.txt");

  static ModelDescription of(LlamaConfig config, String tokenizerJson) throws IOException {
    Path directory = Files.createTempDirectory("deltapress-model");
    LlamaConfigFile.write(config, directory.resolve(ModelConfigFile.NAME));
    Files.writeString(directory.resolve(TextTokenizer.NAME), tokenizerJson);
    return new ModelDescription(directory);
  }

  /** As {@link #of(LlamaConfig, String)}, of a new encoder. */
  static ModelDescription of(EncoderConfig config, String tokenizerJson) throws IOException {
    Path directory = Files.createTempDirectory("deltapress-model");
    EncoderConfigFile.write(config, directory.resolve(ModelConfigFile.NAME));
    Files.writeString(directory.resolve(TextTokenizer.NAME), tokenizerJson);
    return new ModelDescription(directory);
  }

  /** The files of a base that describe its tokenizer, and its config.json with another head. */
  static ModelDescription ofHead(Path base, EncoderConfig config) throws IOException {
    Path directory = Files.createTempDirectory("deltapress-model");
    for (String name : TOKENIZER_FILES) {
      if (Files.isRegularFile(base.resolve(name))) {
        Files.copy(base.resolve(name), directory.resolve(name));
      }
    }
    EncoderConfigFile.writeWithHead(
        base.resolve(ModelConfigFile.NAME), config, directory.resolve(ModelConfigFile.NAME));
    return new ModelDescription(directory);
  }

  @Override
  public void close() throws IOException {
    Files.deleteIfExists(directory.resolve(ModelConfigFile.NAME));
    for (String name : TOKENIZER_FILES) {
      Files.deleteIfExists(directory.resolve(name));
    }
    Files.deleteIfExists(directory);
  }
}
