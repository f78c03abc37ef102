package io.deltapress.djl.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Keys and values of the tokens a model has already seen, per layer; owned here until closed.
 *
 * <p>Shape per layer: [batch, keyValueHeads, tokens, headSize]. One cache belongs to one sequence
 * batch and one thread.
 */
public final class KeyValueCache implements AutoCloseable {

  private final NDManager manager;
  private final List<@Nullable Entry> entries;

  KeyValueCache(NDManager parent, int layers) {
    this.manager = parent.newSubManager();
    this.entries = new ArrayList<>(layers);
    for (int layer = 0; layer < layers; layer++) {
      entries.add(null);
    }
  }

  /**
   * Says how many tokens are cached.
   *
   * @return number of tokens per sequence
   */
  public int length() {
    Entry last = entries.get(entries.size() - 1);
    return last == null ? 0 : (int) last.keys.getShape().get(2);
  }

  /** Appends the new tokens of one layer and returns everything seen so far. */
  Entry append(int layer, Entry added) {
    Entry before = entries.get(layer);
    Entry all = before == null ? added : before.followedBy(added);
    keep(all.keys);
    keep(all.values);
    entries.set(layer, all);
    if (before != null) {
      before.close();
    }
    return all;
  }

  private void keep(NDArray array) {
    NDScope.unregister(array);
    array.attach(manager);
  }

  @Override
  public void close() {
    manager.close();
  }

  /** Keys and values of one layer. */
  record Entry(NDArray keys, NDArray values) {
    Entry followedBy(Entry added) {
      return new Entry(keys.concat(added.keys, 2), values.concat(added.values, 2));
    }

    void close() {
      keys.close();
      values.close();
    }
  }
}
