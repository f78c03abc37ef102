package io.deltapress.djl.rescale;

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
import java.util.stream.IntStream;

/**
 * A base and a fine-tune of it, small enough for tests, with random weights and delta.
 *
 * @param base a Hugging Face directory
 * @param fineTuned another
 * @param calibration texts
 */
public record TinyPair(Path base, Path fineTuned, Path calibration) {

  private static final List<String> WORDS = IntStream.range(0, 40).mapToObj(i -> "w" + i).toList();

  /** What a delta looks like. */
  @FunctionalInterface
  public interface Delta {
    /** The delta of one element of a matrix of a block. */
    double draw(SplitMix64 random);
  }

  /** Writes a pair below a directory. */
  public static TinyPair write(Path directory, Delta delta) throws IOException {
    return write(
        directory,
        (name, value, random) -> name.contains("norm") ? 1 : .25 * random.nextGaussian(),
        delta);
  }

  /** Writes a pair whose layers are given inputs of one sign, so that like deltas add up. */
  public static TinyPair writeAligned(Path directory, Delta delta) throws IOException {
    return write(
        directory,
        (name, value, random) -> {
          if (name.contains("norm")) {
            return 1;
          }
          return name.contains("embed")
              ? 1 + .1 * random.nextGaussian()
              : .05 * random.nextGaussian();
        },
        delta);
  }

  private static TinyPair write(Path directory, Element weights, Delta delta) throws IOException {
    TinyPair pair =
        new TinyPair(
            directory.resolve("base"),
            directory.resolve("fine-tuned"),
            directory.resolve("calibration.jsonl"));
    Path description = Files.createDirectories(directory.resolve("description"));
    LlamaConfig config =
        new LlamaConfig(
            WordLevelTokenizer.size(WORDS),
            16,
            24,
            2,
            4,
            2,
            4,
            1e-5,
            10_000,
            64,
            true,
            WordLevelTokenizer.BEGIN,
            WordLevelTokenizer.END);
    LlamaConfigFile.write(config, description.resolve(LlamaConfigFile.NAME));
    Files.writeString(description.resolve(TextTokenizer.NAME), WordLevelTokenizer.json(WORDS));
    try (NDManager manager = TensorRuntime.newManager();
        LlamaModel model = new LlamaModel(config, new ModelWeights(manager, config.shapes()))) {
      SplitMix64 random = new SplitMix64(5);
      change(model, random, weights);
      ModelDirectory.save(model, description, pair.base);
      change(
          model,
          random,
          (name, value, drawn) ->
              name.contains("mlp") || name.contains("self_attn")
                  ? value + delta.draw(drawn)
                  : value);
      ModelDirectory.save(model, description, pair.fineTuned);
    }
    Files.writeString(pair.calibration, texts());
    return pair;
  }

  private interface Element {
    double of(String tensor, float value, SplitMix64 random);
  }

  private static void change(LlamaModel model, SplitMix64 random, Element element) {
    for (String name : model.weights().arrays().keySet()) {
      float[] values = model.weights().read(name);
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) element.of(name, values[i], random);
      }
      model.weights().write(name, 0, values);
    }
  }

  private static String texts() {
    SplitMix64 random = new SplitMix64(9);
    StringBuilder lines = new StringBuilder();
    for (int line = 0; line < 12; line++) {
      StringBuilder words = new StringBuilder("w0");
      for (int i = 0; i < 3 + line % 5; i++) {
        words.append(" w").append(Math.floorMod(random.nextLong(), WORDS.size()));
      }
      lines.append("{\"text\": \"%s\"}\n".formatted(words));
    }
    return lines.toString();
  }
}
