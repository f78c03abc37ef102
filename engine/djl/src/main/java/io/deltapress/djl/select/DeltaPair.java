package io.deltapress.djl.select;

import io.deltapress.format.tensor.Checkpoint;
import io.deltapress.format.tensor.Checkpoints;
import java.io.IOException;
import java.nio.file.Path;

/**
 * A base and a fine-tune, as files and opened.
 *
 * @param baseDirectory where the base is
 * @param fineTunedDirectory where the fine-tune is
 * @param base its weights
 * @param fineTuned its weights
 */
record DeltaPair(Path baseDirectory, Path fineTunedDirectory, Checkpoint base, Checkpoint fineTuned)
    implements AutoCloseable {

  static DeltaPair open(Path base, Path fineTuned) throws IOException {
    Checkpoint opened = Checkpoints.open(base);
    try {
      return new DeltaPair(base, fineTuned, opened, Checkpoints.open(fineTuned));
    } catch (IOException e) {
      opened.close();
      throw e;
    }
  }

  @Override
  public void close() {
    fineTuned.close();
    base.close();
  }
}
