package io.deltapress.app.cli.demo;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notices when a role ends before it should.
 *
 * <p>Threading notes: one daemon thread per role; the first failure is kept.
 */
final class RoleGuard {
  private static final Logger LOGGER = LoggerFactory.getLogger(RoleGuard.class);

  private final AtomicReference<@Nullable DemoException> failure = new AtomicReference<>();
  private volatile boolean relaxed;

  /** Waits for the end of a role. */
  @FunctionalInterface
  interface End {
    void await() throws InterruptedException, ExecutionException;
  }

  void watch(String role, End end) {
    Thread thread = new Thread(() -> await(role, end), "guard-" + role);
    thread.setDaemon(true);
    thread.start();
  }

  private void await(String role, End end) {
    try {
      end.await();
      fail(new DemoException("the " + role + " has ended"));
    } catch (ExecutionException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      fail(new DemoException("the %s failed: %s".formatted(role, cause.getMessage()), cause));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void fail(DemoException thrown) {
    if (!relaxed) {
      failure.compareAndSet(null, thrown);
    }
  }

  /** Fails if a role has ended. */
  void check() {
    DemoException thrown = failure.get();
    if (thrown != null) {
      throw thrown;
    }
  }

  /** From now on roles may end. */
  void relax() {
    relaxed = true;
  }

  void closingFailed(Exception thrown) {
    LOGGER.warn("A part of the demo did not stop cleanly", thrown);
  }
}
