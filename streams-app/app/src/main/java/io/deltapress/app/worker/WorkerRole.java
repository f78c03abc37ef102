package io.deltapress.app.worker;

import io.deltapress.schemas.client.Connection;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A worker as a part of a process: takes tasks off the share groups of its lanes, one per slot,
 * until it is closed. Any number of workers may run, on any hosts that see the same files.
 */
public final class WorkerRole implements AutoCloseable {
  private static final Logger LOGGER = LoggerFactory.getLogger(WorkerRole.class);

  /** What closing takes beyond the wait for tasks: handing back and leaving the group. */
  private static final Duration LEAVING = Duration.ofSeconds(20);

  private final WorkerConfig config;
  private final Connection connection;
  private final WorkerMetrics metrics;
  private final Closing closing = new Closing();
  private volatile CompletableFuture<Void> ended = new CompletableFuture<>();
  private @Nullable LaneMembership membership;

  /** A worker nobody measures. */
  public WorkerRole(WorkerConfig config, Connection connection) {
    this(config, connection, WorkerMetrics.none());
  }

  /** A worker that reports what it does. */
  public WorkerRole(WorkerConfig config, Connection connection, WorkerMetrics metrics) {
    this.config = config;
    this.connection = connection;
    this.metrics = metrics;
  }

  /**
   * Joins its lanes and returns; tasks are taken in the background.
   *
   * @throws IOException with a final message if a directory cannot be used or the share group does
   *     not have the settings this worker relies on
   * @throws InterruptedException if interrupted while brokers are asked
   */
  public synchronized void start() throws IOException, InterruptedException {
    if (membership != null || closing.requested()) {
      throw new IllegalStateException("A worker role is started once");
    }
    LaneChoice choice = LaneChoice.of(config.lanes(), new TensorEngine(config.device()));
    choice.reasons().forEach(reason -> LOGGER.info("Worker {} {}", config.workerId(), reason));
    LaneMembership joined =
        LaneMembership.join(config, connection, metrics, choice.lanes(), closing);
    membership = joined;
    List<CompletableFuture<Void>> slots = new ArrayList<>();
    for (ShareSlot slot : joined.slots()) {
      slots.add(inBackground(slot, config.workerId() + "-slot-" + slots.size()));
    }
    ended = CompletableFuture.allOf(slots.toArray(CompletableFuture[]::new));
    LOGGER.info(
        "Worker {} takes tasks from {}: {} slots, chunks of {} bytes, store {}, {} MiB for models",
        config.workerId(),
        choice.lanes(),
        slots.size(),
        config.chunkBytes(),
        config.storeDirectory().map(Object::toString).orElse("none"),
        config.memoryBytes() >> 20);
  }

  /**
   * Waits until a started worker has ended, be it closed or failed.
   *
   * @throws ExecutionException if a slot failed; the cause says why
   */
  public void awaitTermination() throws InterruptedException, ExecutionException {
    ended.get();
  }

  /**
   * Takes no more tasks, lets running ones finish for as long as {@code worker.close.wait.ms} says,
   * hands the rest back to other workers and lets go of everything. Closing again does nothing.
   */
  @Override
  public void close() {
    closing.request(config.closeWait());
    LaneMembership joined;
    synchronized (this) {
      joined = membership;
    }
    if (joined == null) {
      ended.complete(null);
      return;
    }
    awaitSlots();
    joined.close();
  }

  /** A failed slot takes the others with it: half a worker would go unnoticed. */
  private CompletableFuture<Void> inBackground(ShareSlot slot, String name) {
    CompletableFuture<Void> run =
        CompletableFuture.runAsync(slot, command -> new Thread(command, name).start());
    return run.whenComplete(
        (nothing, failure) -> {
          if (failure != null) {
            LOGGER.error("Slot {} failed", name, failure);
            closing.request(config.closeWait());
          }
        });
  }

  private void awaitSlots() {
    Duration limit = config.closeWait().plus(LEAVING);
    try {
      ended.get(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      LOGGER.warn("Slots are still busy {} after the worker was told to close", limit);
    } catch (ExecutionException e) {
      LOGGER.debug("The failure is told by awaitTermination", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
