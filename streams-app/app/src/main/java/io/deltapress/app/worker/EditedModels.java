package io.deltapress.app.worker;

import io.deltapress.format.tensor.Checkpoint;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The models that a slot of the edit lane keeps loaded: those it edited last, as many as fit into
 * its budget.
 *
 * <p><b>Threading notes.</b> Belongs to the thread that runs the tasks of one slot, which closes it
 * after the last of them.
 */
final class EditedModels implements AutoCloseable {
  private final long memoryBudget;
  private final Map<Key, Kept> kept = new LinkedHashMap<>(16, 0.75f, true);

  /**
   * @param memoryBudget bytes that loaded models may take together
   */
  EditedModels(long memoryBudget) {
    this.memoryBudget = memoryBudget;
  }

  /**
   * What a loaded model is of.
   *
   * @param owner whose edits are on it, {@code tenant/model}
   * @param base directory of the base
   * @param baseDigest as this host computed it
   * @param deltaDigest content address of the delta; null for the base alone
   */
  record Key(String owner, Path base, String baseDigest, @Nullable String deltaDigest) {}

  private record Kept(EditedModel model, long bytes) {}

  /** Loads what is not there. */
  @FunctionalInterface
  interface Loading {
    EditedModel load()
        throws IOException, InterruptedException, UnmeasurableException, TaskFailedException;
  }

  /**
   * The model, with whatever edits are on it.
   *
   * @throws UnmeasurableException if it is no model that can be run here, or too large
   */
  EditedModel of(Key key, Checkpoint base, Loading loading)
      throws IOException, InterruptedException, UnmeasurableException, TaskFailedException {
    Kept present = kept.get(key);
    if (present != null) {
      return present.model();
    }
    long needed = ModelMemory.neededToEdit(base);
    ModelMemory.requireWithin(memoryBudget, needed);
    makeRoomFor(needed);
    EditedModel fresh = loading.load();
    kept.put(key, new Kept(fresh, needed));
    return fresh;
  }

  private void makeRoomFor(long needed) {
    long taken = kept.values().stream().mapToLong(Kept::bytes).sum();
    for (Iterator<Kept> eldest = kept.values().iterator();
        eldest.hasNext() && taken + needed > memoryBudget; ) {
      Kept least = eldest.next();
      taken -= least.bytes();
      eldest.remove();
      least.model().close();
    }
  }

  /** Lets go of a model, whatever state it is in. */
  void evict(Key key) {
    Kept present = kept.remove(key);
    if (present != null) {
      present.model().close();
    }
  }

  @Override
  public void close() {
    kept.values().forEach(each -> each.model().close());
    kept.clear();
  }
}
