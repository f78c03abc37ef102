package io.deltapress.djl.study;

import java.nio.file.Path;

/**
 * Where and how a study runs.
 *
 * @param out directory of everything it makes: models, results, plots; absent, empty, or that of an
 *     earlier run, which goes on
 * @param reference directory of the reference models
 * @param threads workers, each with a base of its own in memory, positive
 */
public record StudyOptions(Path out, Path reference, int threads) {

  /** Checks the range. */
  public StudyOptions {
    if (threads < 1) {
      throw new IllegalArgumentException("threads must be positive");
    }
  }
}
