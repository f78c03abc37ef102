package io.deltapress.format.artifact;

import io.deltapress.format.ProgressListener;
import io.deltapress.format.tensor.Checkpoint;
import io.deltapress.format.tensor.Checkpoints;
import io.deltapress.format.tensor.DigestCache;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A directory in which a test compresses a pair of checkpoints and applies what comes of it. */
public final class Workbench {
  private final Path directory;

  public Workbench(Path directory) {
    this.directory = directory;
  }

  /** Settings without globs. */
  public static CompressionSettings settings(
      Method method, double pruneRate, double rescale, ValueCode values) {
    return CompressionSettings.builder(method, pruneRate)
        .rescale(rescale)
        .seed(7)
        .values(values)
        .build();
  }

  public Path path(String name) {
    return directory.resolve(name);
  }

  public DigestCache cache() {
    return new DigestCache(directory.resolve("cache"));
  }

  /** Writes the pair and its artifact {@code delta.safetensors}. */
  public CompressionSummary compress(Pair pair, CompressionSettings settings) throws IOException {
    return compress(pair, settings, "delta.safetensors", DeltaSurvey.DEFAULT_SHARD_BYTES);
  }

  public CompressionSummary compress(
      Pair pair, CompressionSettings settings, String out, long shardBytes) throws IOException {
    try (Checkpoint base = pair.writeBase(path("base.safetensors"));
        Checkpoint fineTuned = pair.writeFineTuned(path("tuned.safetensors"))) {
      return new DeltaCompressor(cache())
          .compress(base, fineTuned, settings, path(out), shardBytes, ProgressListener.none());
    }
  }

  public ApplySummary apply(String from, String artifact, String to) throws IOException {
    try (Checkpoint base = Checkpoints.open(path(from));
        DeltaArtifact opened = DeltaArtifact.open(path(artifact))) {
      return new DeltaApplier(cache()).apply(base, opened, path(to), ProgressListener.none());
    }
  }

  public ApplySummary applyWithUndo(String from, String artifact, String to, String undo)
      throws IOException {
    try (Checkpoint base = Checkpoints.open(path(from));
        DeltaArtifact opened = DeltaArtifact.open(path(artifact))) {
      return new DeltaApplier(cache())
          .applyWithUndo(base, opened, path(to), path(undo), ProgressListener.none());
    }
  }

  public Map<String, byte[]> read(String name) throws IOException {
    return Pair.read(path(name));
  }

  /** Names in the directory apart from the cache. */
  public List<String> names() throws IOException {
    return Pair.names(directory).stream().filter(name -> !name.equals("cache")).toList();
  }
}
