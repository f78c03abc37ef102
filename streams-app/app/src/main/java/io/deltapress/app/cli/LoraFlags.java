package io.deltapress.app.cli;

import io.deltapress.djl.train.LoraOptions;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Whether a low-rank adapter is trained in place of the matrices. */
final class LoraFlags {
  @Option(
      names = "--lora-rank",
      paramLabel = "R",
      description =
          "Train a LoRA adapter of this rank and write it as Hugging Face PEFT keeps it, in place of"
              + " a model directory.")
  private @Nullable Integer rank;

  @Option(
      names = "--lora-alpha",
      paramLabel = "A",
      description = "The adapter's delta is A / R times its product. Default: twice the rank.")
  private @Nullable Double alpha;

  @Option(
      names = "--lora-targets",
      paramLabel = "GLOB",
      description =
          "Adapt only linear layers whose names match, such as '*.self_attn.*'; may be repeated."
              + " Default: all.")
  private List<String> targets = List.of();

  /** What was asked for; null if nothing was. */
  @Nullable LoraOptions options() {
    if (rank == null) {
      if (alpha != null || !targets.isEmpty()) {
        throw new UsageException("--lora-alpha and --lora-targets need --lora-rank");
      }
      return null;
    }
    try {
      return new LoraOptions(rank, alpha == null ? 2.0 * rank : alpha, targets);
    } catch (IllegalArgumentException e) {
      throw new UsageException(e.getMessage());
    }
  }
}
