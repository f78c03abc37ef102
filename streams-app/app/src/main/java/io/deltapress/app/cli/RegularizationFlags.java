package io.deltapress.app.cli;

import io.deltapress.djl.train.Regularization;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How a fine-tune is held near its base. */
final class RegularizationFlags {
  private static final String NAMES = "l2 or l1";

  @Option(
      names = "--regularize",
      paramLabel = "NORM",
      description =
          "Hold the fine-tune near its base, so that its delta survives pruning: l2 (small deltas,"
              + " for dare) or l1 (sparse ones, for magnitude).")
  private @Nullable String norm;

  @Option(
      names = "--strength",
      paramLabel = "X",
      description =
          "How strongly, with --regularize: not negative. Default: 0.03 for l2 and 0.0003 for l1,"
              + " of which three times as much may keep a small model from learning.")
  private @Nullable Double strength;

  /** What was asked for; null if nothing was. */
  @Nullable Regularization regularization() {
    if (norm == null) {
      if (strength != null) {
        throw new UsageException("--strength needs --regularize " + NAMES);
      }
      return null;
    }
    Regularization.Norm known =
        Regularization.Norm.of(norm)
            .orElseThrow(
                () -> new UsageException("--regularize " + norm + " is unknown: use " + NAMES));
    try {
      return new Regularization(known, strength == null ? known.usualStrength() : strength);
    } catch (IllegalArgumentException e) {
      throw new UsageException("--strength " + strength + ": " + e.getMessage());
    }
  }
}
