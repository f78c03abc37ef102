package io.deltapress.djl.train;

import io.deltapress.djl.model.LlamaConfig;
import io.deltapress.djl.model.LlamaConfigFile;
import io.deltapress.djl.model.TextTokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The files beside the weights of a new model, in a temporary directory until closed.
 *
 * @param directory holds config.json and tokenizer.json
 */
record ModelDescription(Path directory) implements AutoCloseable {

  static ModelDescription of(LlamaConfig config, String tokenizerJson) throws IOException {
    Path directory = Files.createTempDirectory("deltapress-model");
    LlamaConfigFile.write(config, directory.resolve(LlamaConfigFile.NAME));
    Files.writeString(directory.resolve(TextTokenizer.NAME), tokenizerJson);
    return new ModelDescription(directory);
  }

  @Override
  public void close() throws IOException {
    Files.deleteIfExists(directory.resolve(LlamaConfigFile.NAME));
    Files.deleteIfExists(directory.resolve(TextTokenizer.NAME));
    Files.deleteIfExists(directory);
  }
}
