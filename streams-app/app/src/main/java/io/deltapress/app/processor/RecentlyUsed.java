package io.deltapress.app.processor;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What was read from a store a moment ago and is likely to be read again. Whoever writes the store
 * keeps it right.
 */
final class RecentlyUsed<V> extends LinkedHashMap<String, V> {
  private static final long serialVersionUID = 1L;

  private final int most;

  RecentlyUsed(int most) {
    super(most, 0.75f, true);
    this.most = most;
  }

  @Override
  protected boolean removeEldestEntry(Map.Entry<String, V> eldest) {
    return size() > most;
  }
}
