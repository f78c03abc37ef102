package io.deltapress.djl.study;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Threads with a bench each, which take jobs from one queue until there are none and nobody can
 * make more. The first failure ends all of them, each after what it has in hand.
 */
final class StudyWorkers {

  private final int threads;
  private final BenchMaker benches;
  private final Deque<Job> queue = new ArrayDeque<>();
  private int running;
  private boolean exclusiveRunning;
  private @Nullable Throwable failure;

  StudyWorkers(int threads, BenchMaker benches) {
    this.threads = threads;
    this.benches = benches;
  }

  /** Something to do on a worker. */
  @FunctionalInterface
  interface Job {
    /** Does it, and returns what can be done from now on; the first of that is done first. */
    List<Job> run(Bench bench) throws IOException;

    /** Whether it may not run beside another one of its kind. */
    default boolean exclusive() {
      return false;
    }

    /**
     * A job that may not run beside another one of its kind, since recording gradients is a matter
     * of the whole JVM.
     */
    static Job exclusive(Job job) {
      return new Job() {
        @Override
        public List<Job> run(Bench bench) throws IOException {
          return job.run(bench);
        }

        @Override
        public boolean exclusive() {
          return true;
        }
      };
    }
  }

  /** Makes the bench of a worker. */
  @FunctionalInterface
  interface BenchMaker {
    Bench make(int worker);
  }

  /** Does all jobs, in this order as far as several threads have one. */
  void run(List<Job> jobs) throws IOException {
    queue.addAll(jobs);
    List<Thread> workers = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      int number = i;
      Thread worker = new Thread(() -> work(number), "study-" + (i + 1));
      workers.add(worker);
      worker.start();
    }
    for (Thread worker : workers) {
      join(worker);
    }
    rethrow();
  }

  private void join(Thread worker) {
    try {
      worker.join();
    } catch (InterruptedException e) {
      fail(new IllegalStateException("interrupted while the study was running", e));
      Thread.currentThread().interrupt();
    }
  }

  private void work(int number) {
    try (Bench bench = benches.make(number)) {
      for (Job job = take(); job != null; job = take()) {
        finish(job, job.run(bench));
      }
    } catch (IOException | RuntimeException | Error e) {
      fail(e);
    }
  }

  private synchronized @Nullable Job take() {
    Job job = next();
    while (job == null && failure == null && running > 0) {
      try {
        wait();
      } catch (InterruptedException e) {
        throw new IllegalStateException("interrupted while waiting for work", e);
      }
      job = next();
    }
    if (job == null || failure != null) {
      return null;
    }
    queue.remove(job);
    running++;
    exclusiveRunning |= job.exclusive();
    return job;
  }

  /** The first that may run now. */
  private @Nullable Job next() {
    for (Job job : queue) {
      if (!job.exclusive() || !exclusiveRunning) {
        return job;
      }
    }
    return null;
  }

  private synchronized void finish(Job done, List<Job> more) {
    for (int i = more.size() - 1; i >= 0; i--) {
      queue.addFirst(more.get(i));
    }
    running--;
    exclusiveRunning &= !done.exclusive();
    notifyAll();
  }

  private synchronized void fail(Throwable thrown) {
    if (failure == null) {
      failure = thrown;
    } else {
      failure.addSuppressed(thrown);
    }
    notifyAll();
  }

  private synchronized void rethrow() throws IOException {
    if (failure instanceof IOException exception) {
      throw exception;
    }
    if (failure instanceof RuntimeException exception) {
      throw exception;
    }
    if (failure instanceof Error error) {
      throw error;
    }
  }
}
