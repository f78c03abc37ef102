package io.deltapress.djl.study;

import io.deltapress.format.ProgressListener;
import io.deltapress.format.lora.FineTunes;
import io.deltapress.format.tensor.Checkpoint;
import io.deltapress.format.tensor.CheckpointWriter;
import io.deltapress.format.tensor.Checkpoints;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.zip.CRC32;

/** Where a study keeps the models it trained. */
final class TrainedModels {

  /** What an interruption costs at most. */
  static final int STATE_EVERY_STEPS = 100;

  private TrainedModels() {}

  /** Another recipe makes another model, which must not be taken for this one. */
  static String directoryName(String name, String recipe) {
    CRC32 checksum = new CRC32();
    checksum.update(recipe.getBytes(StandardCharsets.UTF_8));
    return "%s-%08x".formatted(name, checksum.getValue());
  }

  /** A number as people write it: {@code 0.0005}, not {@code 5.0E-4}. */
  static String plain(double value) {
    return BigDecimal.valueOf(value).stripTrailingZeros().toPlainString();
  }

  /** Where the adapter of a merged model is. */
  static Path adapterBeside(Path merged) {
    return merged.resolveSibling(merged.getFileName() + "-adapter");
  }

  /** Writes a base with an adapter merged into it, so that its delta can be pruned as any other. */
  static void merge(Path baseDirectory, Path adapter, Path out) throws IOException {
    try (Checkpoint base = Checkpoints.open(baseDirectory);
        Checkpoint merged = FineTunes.open(base, adapter)) {
      CheckpointWriter.writeModel(merged, baseDirectory, out, ProgressListener.none());
    }
  }
}
