package io.deltapress.follower;

import io.deltapress.follower.follow.Backoff;
import io.deltapress.follower.follow.StopSignal;
import io.deltapress.schemas.topic.ModelKey;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The models to look at, each at most once: at once when something about them changed, later when
 * they could not be loaded. Safe for use by several threads.
 */
final class LoadQueue {
  private final Backoff retries;
  private final StopSignal stop;
  private final Map<ModelKey, Long> dueNanos = new LinkedHashMap<>();
  private final Map<ModelKey, Integer> failures = new HashMap<>();

  LoadQueue(Backoff retries, StopSignal stop) {
    this.retries = retries;
    this.stop = stop;
  }

  /** These models are to be looked at now; earlier failures are forgotten. */
  synchronized void changed(Collection<ModelKey> models) {
    for (ModelKey model : models) {
      failures.remove(model);
      dueNanos.put(model, System.nanoTime());
    }
    notifyAll();
  }

  /** The model could not be loaded; unless it has changed meanwhile, it is tried again later. */
  synchronized void failed(ModelKey model) {
    int count = failures.merge(model, 1, Integer::sum);
    dueNanos.putIfAbsent(model, System.nanoTime() + retries.after(count).toNanos());
    notifyAll();
  }

  /** The model is as it should be. */
  synchronized void settled(ModelKey model) {
    failures.remove(model);
  }

  /** Makes whoever waits look at the signal to stop. */
  synchronized void wake() {
    notifyAll();
  }

  /**
   * Waits for a model that is due and takes it.
   *
   * @throws java.util.concurrent.CancellationException if the signal to stop was given
   */
  synchronized ModelKey take() throws InterruptedException {
    while (true) {
      stop.check();
      long now = System.nanoTime();
      long wait = Long.MAX_VALUE;
      for (Map.Entry<ModelKey, Long> entry : dueNanos.entrySet()) {
        long left = entry.getValue() - now;
        if (left <= 0) {
          dueNanos.remove(entry.getKey());
          return entry.getKey();
        }
        wait = Math.min(wait, left);
      }
      // A millisecond more, since waiting for zero means for ever.
      wait(wait == Long.MAX_VALUE ? 0 : wait / 1_000_000 + 1);
    }
  }
}
