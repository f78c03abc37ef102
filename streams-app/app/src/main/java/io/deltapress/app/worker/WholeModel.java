package io.deltapress.app.worker;

import io.deltapress.format.ProgressListener;
import io.deltapress.format.lora.LoraAdapter;
import io.deltapress.format.tensor.Checkpoint;
import io.deltapress.format.tensor.CheckpointWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A fine-tune as a directory that a model can be loaded from: its own, or for an adapter and a bare
 * file a merged copy beside the configuration and the tokenizer of the base, for as long as it is
 * needed.
 */
final class WholeModel implements AutoCloseable {
  private final Path directory;
  private final @Nullable Path temporary;

  private WholeModel(Path directory, @Nullable Path temporary) {
    this.directory = directory;
    this.temporary = temporary;
  }

  static WholeModel of(
      Checkpoint base, Checkpoint fineTuned, ScratchDirectory scratch, ProgressListener progress)
      throws IOException {
    Path source = fineTuned.path();
    if (Files.isDirectory(source) && !LoraAdapter.isAdapter(source)) {
      return new WholeModel(source, null);
    }
    Path temporary = scratch.newTaskDirectory();
    WholeModel whole = new WholeModel(temporary.resolve("model"), temporary);
    try {
      CheckpointWriter.writeModel(fineTuned, base.path(), whole.directory, progress);
      return whole;
    } catch (IOException | RuntimeException | Error e) {
      whole.close();
      throw e;
    }
  }

  Path directory() {
    return directory;
  }

  @Override
  public void close() throws IOException {
    if (temporary != null) {
      ScratchDirectory.remove(temporary);
    }
  }
}
