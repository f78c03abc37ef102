package io.deltapress.follower.follow;

import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Tells all threads of a follower, once, to come to an end. */
public final class StopSignal {
  private final CountDownLatch stopped = new CountDownLatch(1);

  /** Gives the signal. */
  public void stop() {
    stopped.countDown();
  }

  /** Whether the signal was given. */
  public boolean isStopped() {
    return stopped.getCount() == 0;
  }

  /**
   * Gives up the work of this thread if the signal was given.
   *
   * @throws CancellationException if so
   */
  public void check() {
    if (isStopped()) {
      throw new CancellationException("the follower is closing");
    }
  }

  /**
   * Waits, for instance before another attempt.
   *
   * @throws CancellationException as soon as the signal is given or the thread is interrupted
   */
  public void pause(Duration duration) {
    try {
      if (stopped.await(duration.toMillis(), TimeUnit.MILLISECONDS)) {
        check();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CancellationException("interrupted while waiting");
    }
  }
}
