package io.deltapress.app.worker;

import io.deltapress.format.tensor.Checkpoint;
import io.deltapress.format.tensor.TensorInfo;

/**
 * What a model takes in memory while it is measured, as an estimate from its headers: all weights
 * in float32, the largest of them twice more while it is read, and room for one batch of
 * activations.
 */
final class ModelMemory {
  private static final long FLOAT_BYTES = 4;
  private static final long ACTIVATIONS = 256L << 20;

  private ModelMemory() {}

  static long needed(Checkpoint checkpoint) {
    long weights = 0;
    long largest = 0;
    for (TensorInfo tensor : checkpoint.tensors().values()) {
      long bytes = Math.multiplyExact(FLOAT_BYTES, tensor.elementCount());
      weights = Math.addExact(weights, bytes);
      largest = Math.max(largest, bytes);
    }
    return Math.addExact(Math.addExact(weights, Math.multiplyExact(2, largest)), ACTIVATIONS);
  }

  /** The same for a search for rescale factors, which holds the delta as well, in float64. */
  static long neededToFit(Checkpoint base) {
    return Math.addExact(needed(base), Math.multiplyExact(Double.BYTES, parameters(base)));
  }

  /**
   * The same for a model to be edited, which holds what its edited weights were, in float32, and
   * the sum of the edits, in float64.
   */
  static long neededToEdit(Checkpoint base) {
    return Math.addExact(
        needed(base), Math.multiplyExact(FLOAT_BYTES + Double.BYTES, parameters(base)));
  }

  private static long parameters(Checkpoint base) {
    return base.tensors().values().stream().mapToLong(TensorInfo::elementCount).sum();
  }

  /**
   * @param budget bytes a model may take
   * @throws UnmeasurableException naming both figures if it would take more
   */
  static void requireWithin(long budget, long needed) throws UnmeasurableException {
    if (needed > budget) {
      throw new UnmeasurableException(
          "the base needs about %d MiB and a model may take %d MiB: raise worker.memory.bytes"
              .formatted(needed >> 20, budget >> 20));
    }
  }
}
