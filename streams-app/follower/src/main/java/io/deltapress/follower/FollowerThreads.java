package io.deltapress.follower;

import io.deltapress.follower.fetch.ShardFetcher;
import io.deltapress.follower.follow.Decoders;
import io.deltapress.follower.follow.ServingRecords;
import io.deltapress.follower.follow.ServingTopics;
import io.deltapress.follower.follow.ServingView;
import io.deltapress.follower.follow.StopSignal;
import io.deltapress.follower.materialise.BaseRoots;
import io.deltapress.follower.materialise.FollowerDirectory;
import io.deltapress.follower.materialise.Materialiser;
import io.deltapress.follower.report.FollowerListener;
import io.deltapress.follower.report.StatusReporter;
import io.deltapress.schemas.client.Connection;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.consumer.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The parts of a follower, put together, and the two threads that use them. */
final class FollowerThreads implements AutoCloseable {
  private static final Logger LOGGER = LoggerFactory.getLogger(FollowerThreads.class);
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final StopSignal stop = new StopSignal();
  private final LoadQueue queue;
  private final Consumer<byte[], byte[]> consumer;
  private final StatusReporter status;
  private final FollowerDirectory directory;
  private final WorkThread following;
  private final WorkThread loading;

  private FollowerThreads(
      FollowerConfig config,
      Connection connection,
      FollowerListener listener,
      FollowerDirectory directory) {
    FollowerClients clients = new FollowerClients(connection, config);
    ServingView view = new ServingView();
    this.directory = directory;
    this.queue = new LoadQueue(config.retries(), stop);
    this.consumer = clients.newTopicConsumer();
    this.status = clients.newReporter();
    this.following = follow(config, new Decoders(connection), view);
    this.loading = load(config, clients.newFetcher(stop), view, listener);
  }

  /**
   * Takes the directory and starts the threads.
   *
   * @param ended completed if a thread fails
   * @throws IOException with a final message if the directory cannot be had
   */
  static FollowerThreads start(
      FollowerConfig config,
      Connection connection,
      FollowerListener listener,
      CompletableFuture<Void> ended)
      throws IOException {
    FollowerDirectory directory = FollowerDirectory.open(config.directory());
    FollowerThreads threads = null;
    try {
      threads = new FollowerThreads(config, connection, listener, directory);
    } finally {
      if (threads == null) {
        directory.close();
      }
    }
    threads.passFailures(ended);
    LOGGER.info("Following as {} into {}", config.host(), config.directory());
    return threads;
  }

  private WorkThread follow(FollowerConfig config, Decoders decoders, ServingView view) {
    ServingTopics topics =
        new ServingTopics(
            consumer,
            new ServingRecords(decoders, view),
            models -> queue.changed(config.models().among(models)),
            stop);
    return WorkThread.start("follower-topics", topics::follow, consumer);
  }

  private WorkThread load(
      FollowerConfig config, ShardFetcher fetcher, ServingView view, FollowerListener listener) {
    BaseRoots bases = BaseRoots.of(config.basesRoots());
    Materialiser materialiser =
        new Materialiser(directory, bases, fetcher, config.keepVersions(), config.edits(), stop);
    Loader loader = new Loader(queue, view, materialiser, status, listener, stop);
    return WorkThread.start("follower-load", loader::run, fetcher);
  }

  /** Half a follower would go unnoticed: one failure ends both threads. */
  private void passFailures(CompletableFuture<Void> ended) {
    var unused =
        CompletableFuture.anyOf(following.ended(), loading.ended())
            .whenComplete(
                (nothing, failure) -> {
                  if (failure != null) {
                    LOGGER.error("The follower ends: {}", failure.getMessage(), failure);
                    tellToStop();
                    ended.completeExceptionally(failure.getCause());
                  }
                });
  }

  private void tellToStop() {
    stop.stop();
    queue.wake();
    consumer.wakeup();
  }

  @Override
  public void close() {
    tellToStop();
    boolean followed = following.join(PATIENCE);
    boolean loaded = loading.join(PATIENCE);
    status.close();
    if (!followed || !loaded) {
      LOGGER.warn("A thread of the follower does not end; its directory stays locked");
      return;
    }
    try {
      directory.close();
    } catch (IOException e) {
      LOGGER.warn("The lock of the follower's directory could not be let go: {}", e.getMessage());
    }
  }
}
