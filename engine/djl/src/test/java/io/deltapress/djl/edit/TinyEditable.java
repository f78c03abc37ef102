package io.deltapress.djl.edit;

import ai.djl.ndarray.NDManager;
import io.deltapress.djl.memory.TensorRuntime;
import io.deltapress.djl.memory.WithoutGradients;
import io.deltapress.djl.model.Fixtures;
import io.deltapress.djl.model.TransformerModel;
import io.deltapress.djl.world.WordLevelTokenizer;
import io.deltapress.format.tensor.DigestCache;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A small untrained model of any family, with words, loaded to be edited. */
final class TinyEditable implements AutoCloseable {

  private static final List<String> WORDS =
      List.of(
          "a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l", "m", "n", "o", "p", "q", "r",
          "s", "t");

  private final WithoutGradients withoutGradients;
  private final NDManager manager;
  final Path directory;
  final EditableModel model;

  private TinyEditable(Path directory, Path cache) throws IOException {
    this.directory = directory;
    this.withoutGradients = new WithoutGradients();
    this.manager = TensorRuntime.newManager();
    this.model = EditableModel.open(manager, directory, new DigestCache(cache));
  }

  /** Copies a fixture such as {@code gpt2/bare-bf16} to below a directory, and loads it. */
  static TinyEditable of(String fixture, Path below) throws IOException {
    Path directory = Files.createDirectories(below.resolve("model"));
    for (String file : List.of("config.json", "model.safetensors")) {
      Path target = directory.resolve(file);
      if (!Files.exists(target)) {
        Files.copy(Fixtures.path(fixture).resolve(file), target);
      }
    }
    Files.writeString(directory.resolve("tokenizer.json"), WordLevelTokenizer.json(WORDS));
    return new TinyEditable(directory, below.resolve("digests"));
  }

  TransformerModel transformer() {
    return model.model();
  }

  @Override
  public void close() {
    model.close();
    manager.close();
    withoutGradients.close();
  }
}
