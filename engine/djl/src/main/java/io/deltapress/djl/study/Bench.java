package io.deltapress.djl.study;

import ai.djl.ndarray.NDManager;
import io.deltapress.djl.memory.TensorRuntime;
import io.deltapress.djl.model.PatchedModel;
import io.deltapress.format.ProgressListener;
import io.deltapress.format.artifact.CompressionSettings;
import io.deltapress.format.artifact.CompressionSummary;
import io.deltapress.format.artifact.DeltaArtifact;
import io.deltapress.format.artifact.DeltaCompressor;
import io.deltapress.format.artifact.Method;
import io.deltapress.format.artifact.RescaleFactors;
import io.deltapress.format.artifact.ValueCode;
import io.deltapress.format.tensor.Checkpoint;
import io.deltapress.format.tensor.Checkpoints;
import io.deltapress.format.tensor.DigestCache;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * What one worker of a study measures with: bases kept loaded, to which one artifact after the
 * other is applied. Every measurement writes, opens, checks and applies a real artifact. Belongs to
 * one thread.
 */
final class Bench implements AutoCloseable {

  private final NDManager manager = TensorRuntime.newManager();
  private final Map<Path, Base> bases = new HashMap<>();
  private final Map<String, LoadedFineTune> fineTunes = new HashMap<>();
  private final DigestCache digests;
  private final DeltaCompressor compressor;
  private final Path artifact;

  /**
   * Prepares an empty bench.
   *
   * @param artifact the file that artifacts are written to, one after the other; deleted at the end
   * @param digests where checksums are looked up; may be shared
   */
  Bench(Path artifact, DigestCache digests) {
    this.artifact = artifact;
    this.digests = digests;
    this.compressor = new DeltaCompressor(digests);
  }

  /** A base, loaded and as a checkpoint. */
  private record Base(PatchedModel model, Checkpoint checkpoint) {}

  /** Says what is looked at with a model in hand. */
  @FunctionalInterface
  interface Look<T> {
    T at(LoadedFineTune fineTune) throws IOException;
  }

  DigestCache digests() {
    return digests;
  }

  /** What is at hand of a fine-tune, loaded when first asked for. */
  LoadedFineTune load(FineTune fineTune) throws IOException {
    LoadedFineTune loaded = fineTunes.get(fineTune.name());
    if (loaded == null) {
      loaded = LoadedFineTune.open(fineTune, base(fineTune.base()).model());
      fineTunes.put(fineTune.name(), loaded);
    }
    return loaded;
  }

  private Base base(Path directory) throws IOException {
    Base base = bases.get(directory);
    if (base == null) {
      base = new Base(PatchedModel.open(manager, directory, digests), Checkpoints.open(directory));
      bases.put(directory, base);
    }
    return base;
  }

  /** Looks at the base alone. */
  <T> T withBase(FineTune fineTune, Look<T> look) throws IOException {
    LoadedFineTune loaded = load(fineTune);
    loaded.patched().undo();
    return look.at(loaded);
  }

  /** Looks at the unpruned fine-tune. */
  <T> T withFineTune(FineTune fineTune, Look<T> look) throws IOException {
    LoadedFineTune loaded = load(fineTune);
    loaded.patched().apply(loaded.checkpoint());
    return look.at(loaded);
  }

  /** Looks at the base with an artifact applied, which stays on disk until the next one. */
  <T> T withArtifact(FineTune fineTune, CompressionSettings settings, Look<T> look)
      throws IOException {
    LoadedFineTune loaded = load(fineTune);
    compress(fineTune, settings);
    try (DeltaArtifact opened = DeltaArtifact.open(artifact)) {
      loaded.patched().apply(opened);
    }
    return look.at(loaded);
  }

  /** The settings of an artifact; WANDA gets what goes into the layers of the fine-tune. */
  CompressionSettings settings(
      FineTune fineTune,
      Technique technique,
      double pruneRate,
      RescaleChoice rescale,
      long seed,
      ValueCode values)
      throws IOException {
    CompressionSettings.Builder settings =
        CompressionSettings.builder(technique.method(), pruneRate)
            .rescale(RescaleFactors.of(rescale.common(), rescale.perTensor()))
            .seed(seed)
            .values(values);
    if (technique.method() == Method.WANDA) {
      settings.inputNorms(load(fineTune).inputNorms());
    }
    return settings.build();
  }

  /** Makes an artifact and says what came of it. */
  CompressionSummary compress(FineTune fineTune, CompressionSettings settings) throws IOException {
    return compressor.compress(
        base(fineTune.base()).checkpoint(),
        load(fineTune).checkpoint(),
        settings,
        artifact,
        Long.MAX_VALUE,
        ProgressListener.none());
  }

  /** Measures an artifact by what figures are reported on. */
  Measurement measure(FineTune fineTune, CompressionSettings settings, long seed)
      throws IOException {
    return withArtifact(
        fineTune,
        settings,
        loaded ->
            new Measurement(seed, loaded.testScore(), loaded.outputChange(), artifactBytes()));
  }

  /** Where the artifact that was made last lies. */
  Path artifact() {
    return artifact;
  }

  private long artifactBytes() {
    return artifact.toFile().length();
  }

  @Override
  public void close() throws IOException {
    fineTunes.values().forEach(LoadedFineTune::close);
    for (Base base : bases.values()) {
      base.checkpoint().close();
      base.model().close();
    }
    manager.close();
    Files.deleteIfExists(artifact);
  }
}
