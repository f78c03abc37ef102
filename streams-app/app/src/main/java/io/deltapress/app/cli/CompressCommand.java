package io.deltapress.app.cli;

import io.deltapress.format.artifact.CompressionSettings;
import io.deltapress.format.artifact.CompressionSummary;
import io.deltapress.format.artifact.DeltaCompressor;
import io.deltapress.format.artifact.DeltaSurvey;
import io.deltapress.format.lora.LoraAdapter;
import io.deltapress.format.mask.MaskSeed;
import io.deltapress.format.tensor.Checkpoint;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code compress}: a fine-tune becomes a small artifact beside its base. */
@Command(
    name = "compress",
    description = "Prune and rescale the delta between a base and a fine-tune into an artifact.",
    sortOptions = false)
final class CompressCommand extends AbstractCommand {
  @Option(
      names = "--base",
      paramLabel = "PATH",
      required = true,
      description =
          "What was fine-tuned: a safetensors file or a Hugging Face directory, sharded or not.")
  private Path base;

  @Option(
      names = "--fine-tuned",
      paramLabel = "PATH",
      required = true,
      description =
          "What came of it: a safetensors file, a Hugging Face directory, or the directory of a PEFT"
              + " LoRA adapter.")
  private Path fineTuned;

  @Mixin private OutputPath out;
  @Mixin private CompressionFlags flags;
  @Mixin private SearchFlags search;
  @Mixin private AdapterTreatment lora;

  @Option(
      names = "--tenant",
      paramLabel = "NAME",
      defaultValue = "",
      description =
          "Whose delta it is, for the derived seed: the pipeline takes that of the submission.")
  private String tenant;

  @Option(
      names = "--shard-bytes",
      paramLabel = "N",
      defaultValue = "" + DeltaSurvey.DEFAULT_SHARD_BYTES,
      description = "Bytes of the base per shard of a directory. Default: ${DEFAULT-VALUE}.")
  private long shardBytes;

  @Mixin private JsonOption json;

  CompressCommand(Shell shell) {
    super(shell);
  }

  @Override
  void run() throws IOException {
    Weights weights = new Weights(shell());
    CompressionPlan plan = new CompressionPlan(shell(), flags, search, weights.cache());
    plan.check();
    lora.check();
    if (lora.isFactors() && plan.runsModels()) {
      throw new UsageException("--lora factors runs no model: give q as a number");
    }
    out.check(base, fineTuned);
    if (shardBytes < 1) {
      throw new UsageException("--shard-bytes " + shardBytes + " is not positive");
    }
    long started = System.nanoTime();
    try (CompressionPair pair = lora.open(base, fineTuned)) {
      CompressionPlan.Found found = find(plan, seed(weights, pair.base(), pair.fineTuned()));
      CompressionSettings settings = pair.settings(found.settings(), weights);
      CompressionSummary summary =
          out.write(target -> compress(weights, pair.parent(), pair.fineTuned(), settings, target));
      CompressionReport report =
          CompressionReport.of(out.path(), found, summary, (System.nanoTime() - started) / 1e9);
      json.print(shell(), report, report.text());
    }
  }

  /** An adapter alone cannot be run, so it is merged into its base for as long as that takes. */
  private CompressionPlan.Found find(CompressionPlan plan, long seed) throws IOException {
    boolean merges = plan.runsModels() && LoraAdapter.isAdapter(fineTuned);
    List<Path> adapters = merges ? List.of(fineTuned) : List.of();
    try (AppliedModel runnable = AppliedModel.of(shell(), merges ? base : fineTuned, adapters)) {
      return plan.find(base, runnable.directory(), seed);
    }
  }

  /** A derived seed needs both digests, so both checkpoints are read unless they are remembered. */
  private long seed(Weights weights, Checkpoint left, Checkpoint right) throws IOException {
    if (flags.seed().isPresent()) {
      return flags.seed().getAsLong();
    }
    return MaskSeed.derive(
        tenant, weights.digest("base", left), weights.digest("fine-tune", right));
  }

  private CompressionSummary compress(
      Weights weights, Checkpoint left, Checkpoint right, CompressionSettings settings, Path target)
      throws IOException {
    // Once for the digest of the base, at once if that is remembered, and once for the delta.
    long total = 2 * Weights.bytes(left);
    try (Progress progress = Progress.of(shell(), "compress", Progress.Unit.BYTES, total)) {
      return new DeltaCompressor(weights.cache())
          .compress(left, right, settings, target, shardBytes, progress);
    }
  }
}
