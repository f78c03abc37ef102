package io.deltapress.app.worker;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Work on one delivery, which can be waited for piecewise and interrupted. */
final class RunningWork extends FutureTask<Settlement> {
  private final Acquisition acquisition;
  private final CompletableFuture<Void> ended = new CompletableFuture<>();

  RunningWork(Acquisition acquisition, Callable<Settlement> work) {
    super(work);
    this.acquisition = acquisition;
  }

  Acquisition acquisition() {
    return acquisition;
  }

  /** Waits until the work ends, the time is over or closing is requested; then says if it ended. */
  boolean await(Duration limit, Closing closing) throws InterruptedException {
    CompletableFuture<?> either =
        closing.requested() ? ended : CompletableFuture.anyOf(ended, closing.whenRequested());
    try {
      either.get(limit.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      return isDone();
    } catch (ExecutionException e) {
      throw new IllegalStateException("Neither future completes exceptionally", e);
    }
    return isDone();
  }

  @Override
  protected void done() {
    ended.complete(null);
  }
}
