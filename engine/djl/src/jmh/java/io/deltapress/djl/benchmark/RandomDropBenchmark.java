package io.deltapress.djl.benchmark;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.deltapress.djl.memory.ArrayWriter;
import io.deltapress.djl.memory.TensorRuntime;
import io.deltapress.djl.memory.WithoutGradients;
import io.deltapress.djl.random.SplitMix64;
import io.deltapress.format.delta.RandomDrop;
import io.deltapress.format.mask.KeepProbability;
import io.deltapress.format.mask.MaskBlocks;
import io.deltapress.format.mask.MaskGenerator;
import io.deltapress.format.mask.SeededMask;
import io.deltapress.format.tensor.Checkpoint;
import io.deltapress.format.tensor.Checkpoints;
import io.deltapress.format.tensor.DType;
import io.deltapress.format.tensor.SafetensorsWriter;
import io.deltapress.format.tensor.TensorData;
import io.deltapress.format.tensor.TensorInfo;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/**
 * Random drop of one tensor of 2^24 parameters on one thread, in parameters per microsecond (that
 * is, millions per second).
 *
 * <p>{@code dense} is DARE as merging tools write it, in tensor operations: delta, random mask,
 * rescale, add. It gets float32 arrays already in the engine's memory, so reading and widening bf16
 * is not held against it. {@code kernel} reads both bf16 checkpoints from the page cache and gives
 * the artifact's values.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class RandomDropBenchmark {

  private static final int SIDE = 4096;
  private static final int PARAMETERS = SIDE * SIDE;
  private static final String TENSOR = "model.layers.0.mlp.up_proj.weight";

  /** The prune rate p. */
  @Param({"0.99", "0.9"})
  public double pruneRate;

  private Dense dense;
  private Kernel kernel;

  /** Writes both checkpoints and loads what each way starts from. */
  @Setup(Level.Trial)
  public void setUp() throws IOException {
    kernel = new Kernel(pruneRate);
    dense = new Dense(pruneRate, kernel);
  }

  /** Deletes the files. */
  @TearDown(Level.Trial)
  public void tearDown() throws IOException {
    dense.close();
    kernel.close();
  }

  /** Four passes over dense arrays. */
  @Benchmark
  @OperationsPerInvocation(PARAMETERS)
  public float dense() {
    return dense.run();
  }

  /** Work in proportion to what is kept. */
  @Benchmark
  @OperationsPerInvocation(PARAMETERS)
  public long kernel() throws IOException {
    return kernel.run();
  }

  private static final class Dense implements AutoCloseable {
    private final NDManager manager = TensorRuntime.newManager();
    private final WithoutGradients off = new WithoutGradients();
    private final float pruneRate;
    private final NDArray base;
    private final NDArray fineTuned;

    Dense(double pruneRate, Kernel source) throws IOException {
      this.pruneRate = (float) pruneRate;
      this.base = load(source.base);
      this.fineTuned = load(source.fineTuned);
    }

    private NDArray load(TensorData data) throws IOException {
      short[] bits = new short[PARAMETERS];
      data.copyTo(0, bits, 0, PARAMETERS);
      float[] floats = new float[PARAMETERS];
      for (int i = 0; i < PARAMETERS; i++) {
        floats[i] = Float.intBitsToFloat(bits[i] << 16);
      }
      NDArray array = manager.zeros(new Shape(SIDE, SIDE));
      ArrayWriter.write(array, 0, floats);
      return array;
    }

    float run() {
      try (NDScope scope = new NDScope()) {
        scope.suppressNotUsedWarning();
        NDArray delta = fineTuned.sub(base);
        NDArray mask =
            manager
                .randomUniform(0, 1, base.getShape(), DataType.FLOAT32)
                .gte(pruneRate)
                .toType(DataType.FLOAT32, false);
        NDArray result = base.add(delta.mul(mask).div(1 - pruneRate));
        return result.getFloat(SIDE - 1, SIDE - 1);
      }
    }

    @Override
    public void close() {
      manager.close();
      off.close();
    }
  }

  private static final class Kernel implements AutoCloseable {
    private final Path directory = Files.createTempDirectory("random-drop");
    private final Checkpoint baseFile = checkpoint("base", 0.02);
    private final Checkpoint fineTunedFile = checkpoint("fine-tuned", 0.021);
    final TensorData base = baseFile.data(TENSOR);
    final TensorData fineTuned = fineTunedFile.data(TENSOR);
    private final SeededMask mask;
    private final RandomDrop drop;
    private final byte[] baseBlock = new byte[2 * MaskBlocks.ELEMENTS];
    private final byte[] fineTunedBlock = new byte[2 * MaskBlocks.ELEMENTS];
    private final byte[] values = new byte[2 * MaskBlocks.ELEMENTS];

    Kernel(double pruneRate) throws IOException {
      KeepProbability keep = KeepProbability.ofPruneRate(pruneRate);
      this.mask = new MaskGenerator(7, keep).mask(TENSOR);
      this.drop = new RandomDrop(DType.BF16, 1 - pruneRate, new char[MaskBlocks.ELEMENTS]);
    }

    private Checkpoint checkpoint(String name, double deviation) throws IOException {
      Path file = directory.resolve(name + ".safetensors");
      io.deltapress.format.tensor.Shape shape = io.deltapress.format.tensor.Shape.of(SIDE, SIDE);
      List<TensorInfo> infos = List.of(new TensorInfo(TENSOR, DType.BF16, shape));
      try (SafetensorsWriter writer = SafetensorsWriter.create(file, infos, Map.of())) {
        writer.write(TENSOR, drawn(deviation));
        writer.commit();
      }
      return Checkpoints.open(file);
    }

    private static ByteBuffer drawn(double deviation) {
      SplitMix64 random = new SplitMix64(1);
      ByteBuffer bytes = ByteBuffer.allocate(2 * PARAMETERS).order(ByteOrder.LITTLE_ENDIAN);
      while (bytes.hasRemaining()) {
        float value = (float) ((random.nextDouble() - 0.5) * deviation);
        bytes.putShort((short) (Float.floatToRawIntBits(value) >>> 16));
      }
      return bytes.flip();
    }

    long run() throws IOException {
      long kept = 0;
      for (long block = 0; block < MaskBlocks.count(PARAMETERS); block++) {
        int length = MaskBlocks.length(PARAMETERS, block);
        long offset = 2L * block * MaskBlocks.ELEMENTS;
        base.copyTo(offset, baseBlock, 0, 2 * length);
        fineTuned.copyTo(offset, fineTunedBlock, 0, 2 * length);
        kept += drop.drop(mask, block, length, baseBlock, fineTunedBlock, values);
      }
      return kept;
    }

    @Override
    public void close() throws IOException {
      baseFile.close();
      fineTunedFile.close();
      Files.delete(directory.resolve("base.safetensors"));
      Files.delete(directory.resolve("fine-tuned.safetensors"));
      Files.delete(directory);
    }
  }

  /**
   * Runs both ways and prints their ratio.
   *
   * @param arguments optionally the seconds per iteration
   * @throws RunnerException when the benchmark fails
   */
  public static void main(String[] arguments) throws RunnerException {
    OptionsBuilder options = new OptionsBuilder();
    options.include(RandomDropBenchmark.class.getName());
    if (arguments.length > 0) {
      TimeValue time = TimeValue.seconds(Long.parseLong(arguments[0]));
      options.warmupTime(time).measurementTime(time);
    }
    Collection<RunResult> results = new Runner(options.build()).run();
    for (String rate : List.of("0.99", "0.9")) {
      double dense = score(results, "dense", rate);
      double kernel = score(results, "kernel", rate);
      System.out.printf(
          "p = %s: dense %.0f, kernel %.0f million parameters/s, ratio %.1f%n",
          rate, dense, kernel, kernel / dense);
    }
  }

  private static double score(Collection<RunResult> results, String way, String rate) {
    return results.stream()
        .filter(result -> result.getPrimaryResult().getLabel().equals(way))
        .filter(result -> Objects.equals(result.getParams().getParam("pruneRate"), rate))
        .mapToDouble(result -> result.getPrimaryResult().getScore())
        .findFirst()
        .orElseThrow();
  }
}
