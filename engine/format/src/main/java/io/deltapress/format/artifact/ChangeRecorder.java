package io.deltapress.format.artifact;

import java.io.IOException;

/** Told of what an artifact changes, while it is applied. */
interface ChangeRecorder {
  /** Lets everything pass. */
  ChangeRecorder NONE =
      new ChangeRecorder() {
        @Override
        public void begin(TensorEntry entry) {}

        @Override
        public void changed(Block block) {}

        @Override
        public void end(TensorEntry entry) {}

        @Override
        public void complete() {}
      };

  /** A tensor's turn has come. */
  void begin(TensorEntry entry) throws IOException;

  /**
   * A block of a pruned tensor was rebuilt.
   *
   * @param block the result in place of the base, the base in place of the fine-tune
   */
  void changed(Block block) throws IOException;

  /** The tensor is complete, and its checksum right. */
  void end(TensorEntry entry) throws IOException;

  /** All tensors are complete, the result is about to become visible. */
  void complete() throws IOException;
}
