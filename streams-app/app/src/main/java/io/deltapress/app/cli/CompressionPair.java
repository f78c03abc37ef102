package io.deltapress.app.cli;

import io.deltapress.format.artifact.CompressionSettings;
import io.deltapress.format.lora.FactorArtifact;
import io.deltapress.format.lora.FineTunes;
import io.deltapress.format.lora.LoraAdapter;
import io.deltapress.format.lora.MergedCheckpoint;
import io.deltapress.format.tensor.Checkpoint;
import io.deltapress.format.tensor.Checkpoints;
import io.deltapress.format.tensor.WeightsDigest;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The base, and the two checkpoints whose difference is compressed. */
final class CompressionPair implements AutoCloseable {
  private final Checkpoint base;
  private final Checkpoint fineTuned;
  private final @Nullable LoraAdapter factors;

  private CompressionPair(Checkpoint base, Checkpoint fineTuned, @Nullable LoraAdapter factors) {
    this.base = base;
    this.fineTuned = fineTuned;
    this.factors = factors;
  }

  /** A fine-tune and its base; an adapter is merged into that. */
  static CompressionPair merged(Path base, Path fineTuned) throws IOException {
    Checkpoint left = Checkpoints.open(base);
    try {
      return new CompressionPair(left, FineTunes.open(left, fineTuned), null);
    } catch (IOException e) {
      left.close();
      throw e;
    }
  }

  /** The factors of an adapter, which has to fit the base. */
  static CompressionPair factors(Path base, Path adapter) throws IOException {
    Checkpoint left = Checkpoints.open(base);
    try {
      LoraAdapter factors = LoraAdapter.open(adapter);
      requireFitting(left, factors);
      return new CompressionPair(left, factors.weights(), factors);
    } catch (IOException e) {
      left.close();
      throw e;
    }
  }

  private static void requireFitting(Checkpoint base, LoraAdapter factors) throws IOException {
    try {
      MergedCheckpoint.of(base, factors);
    } catch (IOException e) {
      factors.close();
      throw e;
    }
  }

  /** What was fine-tuned. */
  Checkpoint base() {
    return base;
  }

  /** What the artifact is to be applied to. */
  Checkpoint parent() throws IOException {
    return factors == null ? base : FactorArtifact.parent(factors);
  }

  /** What the artifact stands for. */
  Checkpoint fineTuned() {
    return fineTuned;
  }

  /** The settings, with what the artifact has to say besides. */
  CompressionSettings settings(CompressionSettings settings, Weights weights) throws IOException {
    if (factors == null) {
      return settings;
    }
    WeightsDigest digest = weights.digest("base", base);
    return FactorArtifact.settings(settings, factors, digest);
  }

  @Override
  public void close() {
    fineTuned.close();
    base.close();
  }
}
