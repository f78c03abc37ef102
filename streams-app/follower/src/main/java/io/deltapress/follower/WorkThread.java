package io.deltapress.follower;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;

/** One thread of a follower, and what it alone uses. */
final class WorkThread {
  private final Thread thread;
  private final CompletableFuture<Void> ended;

  private WorkThread(Thread thread, CompletableFuture<Void> ended) {
    this.thread = thread;
    this.ended = ended;
  }

  /** What a thread does until it is told to stop, by a {@link CancellationException}, or fails. */
  @FunctionalInterface
  interface Work {
    void run() throws InterruptedException;
  }

  /**
   * Starts a thread.
   *
   * @param used closed by the thread when it ends
   */
  static WorkThread start(String name, Work work, Closeable used) {
    CompletableFuture<Thread> thread = new CompletableFuture<>();
    CompletableFuture<Void> ended =
        CompletableFuture.runAsync(
            () -> run(work, used),
            command -> {
              Thread created = new Thread(command, name);
              thread.complete(created);
              created.start();
            });
    return new WorkThread(thread.join(), ended);
  }

  private static void run(Work work, Closeable used) {
    try (used) {
      work.run();
    } catch (CancellationException | InterruptedException e) {
      return; // told to stop
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Completes when the thread is done, exceptionally if it failed. */
  CompletableFuture<Void> ended() {
    return ended;
  }

  /**
   * Waits for a thread that has been told to stop, and interrupts it if it takes longer.
   *
   * @return whether it has ended
   */
  boolean join(Duration patience) {
    try {
      thread.join(patience.toMillis());
      if (thread.isAlive()) {
        thread.interrupt();
        thread.join(patience.toMillis());
      }
    } catch (InterruptedException e) {
      thread.interrupt();
      Thread.currentThread().interrupt();
    }
    return !thread.isAlive();
  }
}
