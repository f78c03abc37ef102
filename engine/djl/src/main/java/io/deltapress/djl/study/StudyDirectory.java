package io.deltapress.djl.study;

import java.nio.file.Path;
import java.util.Locale;

/**
 * Where a study keeps what.
 *
 * @param path the directory
 */
record StudyDirectory(Path path) {

  /** Cells as they were measured. */
  Path cells() {
    return path.resolve("cells.jsonl");
  }

  /** Rows of the size table as they were measured. */
  Path sizes() {
    return path.resolve("sizes.jsonl");
  }

  /** Trained models. */
  Path models() {
    return path.resolve("models");
  }

  /** The first lines of task files. */
  Path tasks() {
    return path.resolve("tasks");
  }

  /** Checksums of models. */
  Path digests() {
    return path.resolve("digests");
  }

  /** The artifact that a worker has made last. */
  Path artifact(int worker) {
    return path.resolve(String.format(Locale.ROOT, "worker-%d.safetensors", worker));
  }
}
