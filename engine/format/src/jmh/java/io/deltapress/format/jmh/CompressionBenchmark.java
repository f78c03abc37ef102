package io.deltapress.format.jmh;

import io.deltapress.format.ProgressListener;
import io.deltapress.format.artifact.ApplySummary;
import io.deltapress.format.artifact.CompressionSettings;
import io.deltapress.format.artifact.CompressionSummary;
import io.deltapress.format.artifact.DeltaApplier;
import io.deltapress.format.artifact.DeltaArtifact;
import io.deltapress.format.artifact.DeltaCompressor;
import io.deltapress.format.artifact.DeltaSurvey;
import io.deltapress.format.artifact.Method;
import io.deltapress.format.artifact.ValueCode;
import io.deltapress.format.tensor.DigestCache;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * How fast is compressing and applying as a whole: statistics, SHA-256 of base, fine-tune and result
 * (a cache that is no directory remembers nothing), and the file of the artifact or the result?
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 2, time = 3)
@Measurement(iterations = 3, time = 3)
@Fork(1)
public class CompressionBenchmark {
  /** How to prune; magnitude reads the weights several times. */
  @Param({"DARE", "MAGNITUDE"})
  public Method method;

  /** How values are written. */
  @Param({"EXACT", "INT8"})
  public ValueCode values;

  private WarmPair pair;
  private Path artifact;
  private Path result;
  private DigestCache cache;

  @Setup(Level.Trial)
  public void create() throws IOException {
    pair = WarmPair.create();
    artifact = pair.directory.resolve("delta.safetensors");
    result = pair.directory.resolve("result.safetensors");
    Files.writeString(pair.directory.resolve("no-directory"), "");
    cache = new DigestCache(pair.directory.resolve("no-directory"));
    compress();
  }

  @TearDown(Level.Trial)
  public void delete() throws IOException {
    Files.deleteIfExists(result);
    pair.close();
  }

  /** From two checkpoints to an artifact. */
  @Benchmark
  @OperationsPerInvocation(WarmPair.MILLIONS)
  public CompressionSummary compress() throws IOException {
    CompressionSettings settings =
        CompressionSettings.builder(method, 0.99).rescale(0.01).seed(1).values(values).build();
    return new DeltaCompressor(cache)
        .compress(
            pair.base,
            pair.fineTuned,
            settings,
            artifact,
            DeltaSurvey.DEFAULT_SHARD_BYTES,
            ProgressListener.none());
  }

  /** From a checkpoint and an artifact to a checkpoint. */
  @Benchmark
  @OperationsPerInvocation(WarmPair.MILLIONS)
  public ApplySummary apply() throws IOException {
    try (DeltaArtifact opened = DeltaArtifact.open(artifact)) {
      return new DeltaApplier(cache).apply(pair.base, opened, result, ProgressListener.none());
    }
  }
}
