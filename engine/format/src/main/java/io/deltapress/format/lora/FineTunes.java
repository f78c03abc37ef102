package io.deltapress.format.lora;

import io.deltapress.format.tensor.Checkpoint;
import io.deltapress.format.tensor.Checkpoints;
import java.io.IOException;
import java.nio.file.Path;

/** Opens fine-tunes, whether they are whole checkpoints or adapters of their base. */
public final class FineTunes {
  private FineTunes() {}

  /**
   * Opens a fine-tune of a base.
   *
   * @param base what was fine-tuned; stays the caller's and must stay open as long as the result
   * @param path anything that {@link Checkpoints#open} takes, or a PEFT adapter directory, which is
   *     merged into the base as it is read
   * @throws io.deltapress.format.BadInputException if it is neither, or does not fit the base
   */
  public static Checkpoint open(Checkpoint base, Path path) throws IOException {
    if (!LoraAdapter.isAdapter(path)) {
      return Checkpoints.open(path);
    }
    LoraAdapter adapter = LoraAdapter.open(path);
    try {
      return MergedCheckpoint.of(base, adapter);
    } catch (IOException e) {
      adapter.close();
      throw e;
    }
  }
}
