package io.deltapress.format.jmh;

import io.deltapress.format.delta.RandomDrop;
import io.deltapress.format.mask.KeepProbability;
import io.deltapress.format.mask.MaskBlocks;
import io.deltapress.format.mask.MaskGenerator;
import io.deltapress.format.mask.SeededMask;
import io.deltapress.format.tensor.DType;
import io.deltapress.format.tensor.TensorData;
import java.io.IOException;
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
 * How fast is random drop, from both checkpoints in the page cache to the exact values at the kept
 * positions, on one thread? The baseline row only copies both checkpoints block by block.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class RandomDropBenchmark {
  /** The prune rate p. */
  @Param({"0.99", "0.9"})
  public double pruneRate;

  private final byte[] baseBlock = new byte[MaskBlocks.ELEMENTS * Short.BYTES];
  private final byte[] fineTunedBlock = new byte[MaskBlocks.ELEMENTS * Short.BYTES];
  private final byte[] values = new byte[MaskBlocks.ELEMENTS * Short.BYTES];
  private WarmPair pair;
  private TensorData base;
  private TensorData fineTuned;
  private SeededMask mask;
  private RandomDrop drop;

  @Setup(Level.Trial)
  public void create() throws IOException {
    pair = WarmPair.create();
    base = pair.base.data(WarmPair.TENSOR);
    fineTuned = pair.fineTuned.data(WarmPair.TENSOR);
    mask =
        new MaskGenerator(1, KeepProbability.ofPruneRate(pruneRate)).mask(WarmPair.TENSOR);
    drop = new RandomDrop(DType.BF16, 1 - pruneRate, new char[MaskBlocks.ELEMENTS]);
  }

  @TearDown(Level.Trial)
  public void delete() throws IOException {
    pair.close();
  }

  /** Everything that compressing does with the weights but for statistics and digests. */
  @Benchmark
  @OperationsPerInvocation(WarmPair.MILLIONS)
  public long drop() throws IOException {
    long elements = base.info().elementCount();
    long kept = 0;
    for (long block = 0; block < MaskBlocks.count(elements); block++) {
      int length = copy(block, elements);
      kept += drop.drop(mask, block, length, baseBlock, fineTunedBlock, values);
    }
    return kept;
  }

  /** The floor: what reading both checkpoints costs. */
  @Benchmark
  @OperationsPerInvocation(WarmPair.MILLIONS)
  public long copyOnly() throws IOException {
    long elements = base.info().elementCount();
    long sum = 0;
    for (long block = 0; block < MaskBlocks.count(elements); block++) {
      sum += copy(block, elements) + baseBlock[0] + fineTunedBlock[0];
    }
    return sum;
  }

  private int copy(long block, long elements) throws IOException {
    int length = MaskBlocks.length(elements, block);
    long offset = block * baseBlock.length;
    base.copyTo(offset, baseBlock, 0, length * Short.BYTES);
    fineTuned.copyTo(offset, fineTunedBlock, 0, length * Short.BYTES);
    return length;
  }
}
