package io.deltapress.app.cli;

import ai.djl.ndarray.NDManager;
import io.deltapress.djl.memory.TensorRuntime;
import io.deltapress.djl.model.LlamaConfig;
import io.deltapress.djl.model.LlamaConfigFile;
import io.deltapress.djl.model.LlamaModel;
import io.deltapress.djl.model.ModelDirectory;
import io.deltapress.djl.model.ModelWeights;
import io.deltapress.djl.model.TextTokenizer;
import io.deltapress.djl.random.SplitMix64;
import io.deltapress.djl.world.WordLevelTokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A base and a fine-tune that differ by small random numbers, and text, small enough to search with
 * in tests.
 *
 * @param base a Hugging Face directory
 * @param fineTuned another
 * @param calibration JSON lines
 */
record TinyModels(Path base, Path fineTuned, Path calibration) {
  private static final List<String> WORDS = List.of("a", "b", "c", "d", "e", "f");

  static TinyModels write(Path directory) throws IOException {
    Path description = Files.createDirectories(directory.resolve("description"));
    LlamaConfig config =
        new LlamaConfig(
            WordLevelTokenizer.size(WORDS),
            8,
            12,
            1,
            2,
            1,
            4,
            1e-5,
            10_000,
            32,
            true,
            WordLevelTokenizer.BEGIN,
            WordLevelTokenizer.END);
    LlamaConfigFile.write(config, description.resolve(LlamaConfigFile.NAME));
    Files.writeString(description.resolve(TextTokenizer.NAME), WordLevelTokenizer.json(WORDS));
    TinyModels models =
        new TinyModels(
            directory.resolve("base"),
            directory.resolve("fine-tuned"),
            directory.resolve("calibration.jsonl"));
    try (NDManager manager = TensorRuntime.newManager();
        LlamaModel model = new LlamaModel(config, new ModelWeights(manager, config.shapes()))) {
      SplitMix64 random = new SplitMix64(1);
      add(model, random, .3);
      ModelDirectory.save(model, description, models.base);
      add(model, random, .01);
      ModelDirectory.save(model, description, models.fineTuned);
    }
    Files.writeString(
        models.calibration, "{\"text\": \"a b c d\"}\n{\"prompt\": \"e f\", \"answer\": \"a\"}\n");
    return models;
  }

  private static void add(LlamaModel model, SplitMix64 random, double size) {
    for (String name : model.weights().arrays().keySet()) {
      float[] values = model.weights().read(name);
      for (int i = 0; i < values.length; i++) {
        values[i] += (float) (size * random.nextGaussian());
      }
      model.weights().write(name, 0, values);
    }
  }
}
