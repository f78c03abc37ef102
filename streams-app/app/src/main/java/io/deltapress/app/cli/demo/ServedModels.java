package io.deltapress.app.cli.demo;

import io.deltapress.follower.materialise.LoadedVersion;
import io.deltapress.follower.report.FollowerListener;
import io.deltapress.schemas.topic.ModelKey;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * What the demo's follower serves, and since when.
 *
 * <p>Threading notes: told by the follower's thread, asked by the demo's.
 */
final class ServedModels implements FollowerListener {
  private final Map<ModelKey, Served> served = new ConcurrentHashMap<>();
  private final Map<ModelKey, String> failures = new ConcurrentHashMap<>();
  private final Semaphore news = new Semaphore(0);

  /**
   * A served version.
   *
   * @param version which and where
   * @param atNanos when it was there, by {@link System#nanoTime}
   */
  record Served(LoadedVersion version, long atNanos) {}

  @Override
  public void loaded(LoadedVersion version) {
    failures.remove(version.model());
    served.put(version.model(), new Served(version, System.nanoTime()));
    news.release();
  }

  @Override
  public void failed(ModelKey model, int version, String message) {
    failures.put(model, message);
    news.release();
  }

  /** Waits until there is something new, a tenth of a second at most. */
  void awaitNews() {
    try {
      if (news.tryAcquire(100, TimeUnit.MILLISECONDS)) {
        news.drainPermits();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DemoException("interrupted while waiting for the follower", e);
    }
  }

  Optional<Served> of(ModelKey model) {
    return Optional.ofNullable(served.get(model));
  }

  /**
   * Ends the demo where a model is not going to be served.
   *
   * @throws DemoException if the follower failed to load its newest version
   */
  void requireNoFailure(ModelKey model) {
    String why = failures.get(model);
    if (why != null) {
      throw new DemoException(model + " is not served: " + why);
    }
  }
}
