package io.deltapress.app.worker;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** The wish to stop: made once, seen by every slot, with a moment after which waiting ends. */
final class Closing {
  private final CompletableFuture<Long> deadlineNanos = new CompletableFuture<>();

  /** Asks the slots to stop; running tasks may go on for a while. Later calls change nothing. */
  void request(Duration wait) {
    deadlineNanos.complete(System.nanoTime() + wait.toNanos());
  }

  boolean requested() {
    return deadlineNanos.isDone();
  }

  /** Completes when the wish is made. */
  CompletableFuture<Long> whenRequested() {
    return deadlineNanos;
  }

  /** What is left of the wait, at most a limit; the limit itself while nobody wants to stop. */
  Duration atMost(Duration limit) {
    if (!requested()) {
      return limit;
    }
    Duration left = Duration.ofNanos(Math.max(0, deadlineNanos.join() - System.nanoTime()));
    return left.compareTo(limit) < 0 ? left : limit;
  }

  boolean overdue() {
    return requested() && System.nanoTime() - deadlineNanos.join() >= 0;
  }
}
