package io.deltapress.app.cli;

import java.io.IOException;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** {@code --lora}: what of an adapter is pruned. */
final class AdapterTreatment {
  private static final String MERGED = "merged";
  private static final String FACTORS = "factors";

  @Option(
      names = "--lora",
      paramLabel = "HOW",
      defaultValue = MERGED,
      description =
          "What to prune of a LoRA adapter: merged (the delta it makes, for any engine) or factors"
              + " (A and B themselves, so that it stays an adapter; see export --format peft-lora)."
              + " Default: ${DEFAULT-VALUE}.")
  private String how;

  void check() {
    if (!how.equals(MERGED) && !how.equals(FACTORS)) {
      throw new UsageException("--lora " + how + " is unknown: use merged or factors");
    }
  }

  /** Whether the adapter's own factors are pruned. */
  boolean isFactors() {
    return how.equals(FACTORS);
  }

  CompressionPair open(Path base, Path fineTuned) throws IOException {
    return isFactors()
        ? CompressionPair.factors(base, fineTuned)
        : CompressionPair.merged(base, fineTuned);
  }
}
