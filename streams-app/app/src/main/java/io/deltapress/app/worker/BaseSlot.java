package io.deltapress.app.worker;

import io.deltapress.format.tensor.Checkpoint;
import io.deltapress.format.tensor.DigestCache;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The one base that a slot of the calibrate lane keeps loaded: tasks of many tenants follow each
 * other on it. Another base takes its place, since two might not fit into the memory budget.
 *
 * <p><b>Threading notes.</b> Belongs to the thread that runs the tasks of one slot, which closes it
 * after the last of them.
 */
final class BaseSlot implements AutoCloseable {
  private final DigestCache digests;
  private final long memoryBudget;
  private @Nullable Path directory;
  private @Nullable String digest;
  private @Nullable LoadedBase loaded;
  private long loadedBytes;

  /**
   * @param memoryBudget bytes that a loaded model may take
   */
  BaseSlot(DigestCache digests, long memoryBudget) {
    this.digests = digests;
    this.memoryBudget = memoryBudget;
  }

  /**
   * The base, with nothing on it.
   *
   * @param weightsDigest as this host computed it
   * @throws UnmeasurableException if it is no model that can be run here, or too large
   */
  LoadedBase of(Checkpoint base, String weightsDigest) throws IOException, UnmeasurableException {
    long needed = ModelMemory.needed(base);
    ModelMemory.requireWithin(memoryBudget, needed);
    LoadedBase present = loaded;
    if (present != null && base.path().equals(directory) && weightsDigest.equals(digest)) {
      return present;
    }
    evict();
    LoadedBase fresh = LoadedBase.load(base.path(), digests);
    directory = base.path();
    digest = weightsDigest;
    loaded = fresh;
    loadedBytes = needed;
    return fresh;
  }

  /**
   * Lets go of the base if it would not fit beside a search for rescale factors, which loads a
   * model of its own.
   *
   * @throws UnmeasurableException if the search alone would not fit
   */
  void makeRoomToFit(Checkpoint base) throws UnmeasurableException {
    long needed = ModelMemory.neededToFit(base);
    ModelMemory.requireWithin(memoryBudget, needed);
    if (loaded != null && needed + loadedBytes > memoryBudget) {
      evict();
    }
  }

  /** Lets go of the base, whatever state it is in. */
  void evict() {
    LoadedBase present = loaded;
    loaded = null;
    if (present != null) {
      present.close();
    }
  }

  @Override
  public void close() {
    evict();
  }
}
