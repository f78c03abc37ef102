package io.deltapress.app.cli;

import io.deltapress.format.tensor.Checkpoint;
import io.deltapress.format.tensor.DigestCache;
import io.deltapress.format.tensor.TensorInfo;
import io.deltapress.format.tensor.WeightsDigest;
import java.io.IOException;
import java.nio.file.Path;

/** Reads whole checkpoints under a progress display; what was read once is remembered. */
final class Weights {
  private static final String CACHE_VARIABLE = "DELTAPRESS_CACHE";

  private final Shell shell;
  private final DigestCache cache;

  Weights(Shell shell) {
    this.shell = shell;
    String directory = shell.environment().getOrDefault(CACHE_VARIABLE, "");
    this.cache = directory.isBlank() ? DigestCache.standard() : new DigestCache(Path.of(directory));
  }

  /** Where digests are remembered. */
  DigestCache cache() {
    return cache;
  }

  /** The digest of a checkpoint. */
  WeightsDigest digest(String what, Checkpoint checkpoint) throws IOException {
    try (Progress progress =
        Progress.of(shell, "digest of " + what, Progress.Unit.BYTES, bytes(checkpoint))) {
      return cache.weightsDigest(checkpoint, progress);
    }
  }

  /** Bytes of all tensors. */
  static long bytes(Checkpoint checkpoint) {
    return checkpoint.tensors().values().stream().mapToLong(TensorInfo::byteLength).sum();
  }

  /** Elements of all tensors. */
  static long parameters(Checkpoint checkpoint) {
    return checkpoint.tensors().values().stream().mapToLong(TensorInfo::elementCount).sum();
  }
}
