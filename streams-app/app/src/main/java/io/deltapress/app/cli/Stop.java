package io.deltapress.app.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import sun.misc.Signal;

/**
 * The wish that the command end early, as SIGINT, SIGTERM or SIGHUP express it.
 *
 * <p>A handler rather than a shutdown hook: with a hook the JVM ends under the working thread,
 * whose {@code finally} blocks never run, and a role that was closed properly could not end with 0.
 * The second signal ends the process at once.
 *
 * <p>Threading notes: signals arrive on a thread of the JVM; everything here is safe for use by
 * several threads.
 */
final class Stop {
  private static final List<String> SIGNALS = List.of("INT", "TERM", "HUP");

  private final CountDownLatch requested = new CountDownLatch(1);
  private final List<Runnable> actions = new ArrayList<>();
  private int exitNumber;

  /** A wish that the signals of this process express. */
  static Stop bySignals() {
    Stop stop = new Stop();
    for (String name : SIGNALS) {
      try {
        Signal.handle(new Signal(name), stop::signalled);
      } catch (IllegalArgumentException e) {
        // The JVM was started with -Xrs, or the platform lacks the signal: it keeps its default.
      }
    }
    return stop;
  }

  private void signalled(Signal signal) {
    int number = 128 + signal.getNumber();
    if (requested()) {
      Runtime.getRuntime().halt(number);
    }
    request(number);
  }

  /** Expresses the wish. */
  void request(int exitNumber) {
    List<Runnable> toRun;
    synchronized (this) {
      if (requested()) {
        return;
      }
      this.exitNumber = exitNumber;
      requested.countDown();
      toRun = List.copyOf(actions);
    }
    toRun.forEach(Runnable::run);
  }

  /** Has something run when the wish is expressed, or now if it was. */
  void onRequest(Runnable action) {
    synchronized (this) {
      if (!requested()) {
        actions.add(action);
        return;
      }
    }
    action.run();
  }

  boolean requested() {
    return requested.getCount() == 0;
  }

  /** Waits some seconds for the wish, and says whether it is there. */
  boolean await(int seconds) throws InterruptedException {
    return requested.await(seconds, TimeUnit.SECONDS);
  }

  /** Gives up the work if that is wished. */
  void check() {
    if (requested()) {
      throw new StoppedException(exitNumber());
    }
  }

  /** 128 + the number of the signal. */
  synchronized int exitNumber() {
    return exitNumber;
  }
}
