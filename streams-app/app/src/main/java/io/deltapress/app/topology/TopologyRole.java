package io.deltapress.app.topology;

import io.deltapress.app.config.TopologyConfig;
import io.deltapress.app.metrics.PipelineMetrics;
import io.deltapress.schemas.client.Connection;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.KafkaStreams.State;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The topology as a part of a process. It ends when it is closed or when a thread fails: a failed
 * thread is not replaced, since a static member that comes back in the same process waits for its
 * own session to expire, while a new process is taken back at once (ADR 0001).
 *
 * <p><b>Threading notes.</b> Safe to be used by any thread; {@code close} may be called by a
 * shutdown hook while another thread waits in {@code awaitTermination}.
 */
public final class TopologyRole implements AutoCloseable {
  private static final Logger LOGGER = LoggerFactory.getLogger(TopologyRole.class);
  private static final Duration CLOSING = Duration.ofSeconds(30);

  private final TopologyConfig config;
  private final Connection connection;
  private final PipelineMetrics metrics;
  private final CompletableFuture<Void> ready = new CompletableFuture<>();
  private final CompletableFuture<Void> ended = new CompletableFuture<>();
  private @Nullable KafkaStreams streams;

  /** A topology nobody measures. */
  public TopologyRole(TopologyConfig config, Connection connection) {
    this(config, connection, PipelineMetrics.none());
  }

  /** A topology that reports what it does. */
  public TopologyRole(TopologyConfig config, Connection connection, PipelineMetrics metrics) {
    this.config = config;
    this.connection = connection;
    this.metrics = metrics;
  }

  /**
   * Starts and returns; records are processed in the background once {@link #awaitReady} returns.
   *
   * @throws IOException with a final message if a topic is missing, its partitions do not fit, the
   *     state directory cannot be used or no broker answers
   * @throws InterruptedException if interrupted while brokers are asked
   */
  public synchronized void start() throws IOException, InterruptedException {
    if (streams != null || ended.isDone()) {
      throw new IllegalStateException("A topology role is started once");
    }
    checkTopics();
    Files.createDirectories(config.stateDirectory());
    Topology topology =
        DeltapressTopology.build(config, connection.topicPrefix(), connection::serde, metrics);
    KafkaStreams started = new KafkaStreams(topology, StreamsSettings.of(config, connection));
    started.setUncaughtExceptionHandler(this::fail);
    started.setStateListener((next, previous) -> follow(next));
    streams = started;
    started.start();
    LOGGER.info(
        "Topology {} starts as instance {} on {}: {} threads, state in {}",
        config.applicationId(),
        config.instanceId(),
        connection,
        config.streamThreads(),
        config.stateDirectory());
  }

  private void checkTopics() throws IOException, InterruptedException {
    TopicNames names = new TopicNames(connection.topicPrefix());
    SortedSet<String> topics = new TreeSet<>(names.all());
    topics.addAll(config.tenants().listed());
    Map<String, Integer> partitions = new TopicCheck(connection).partitions(topics);
    int ofResults = partitions.getOrDefault(names.workResults(), 0);
    if (ofResults != config.partitions()) {
      throw new IOException(
          "topic %s has %d partitions and the configuration says %d: set partitions=%d"
              .formatted(names.workResults(), ofResults, config.partitions(), ofResults));
    }
  }

  private StreamThreadExceptionResponse fail(Throwable failure) {
    LOGGER.error("Topology {} fails and ends", config.applicationId(), failure);
    ended.completeExceptionally(failure);
    return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
  }

  private void follow(State state) {
    if (state == State.RUNNING) {
      ready.complete(null);
    } else if (state == State.NOT_RUNNING || state == State.ERROR) {
      ended.complete(null);
    }
    if (ended.isDone()) {
      ready.completeExceptionally(new IOException("the topology ended before it was ready"));
    }
  }

  /** Whether partitions are assigned, their stores restored, and nothing has failed. */
  public synchronized boolean isReady() {
    return streams != null && streams.state() == State.RUNNING && !ended.isDone();
  }

  /**
   * Waits until the topology is ready for the first time.
   *
   * @throws IOException with a final message if it is not ready within that time, or has ended
   */
  public void awaitReady(Duration patience) throws IOException, InterruptedException {
    try {
      ready.get(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw new IOException(
          "the topology was not ready within %d s: look into its log"
              .formatted(patience.toSeconds()),
          e);
    } catch (ExecutionException e) {
      throw new IOException("the topology ended before it was ready: look into its log", e);
    }
  }

  /**
   * Waits until a started topology has ended, be it closed or failed.
   *
   * @throws ExecutionException if a thread failed; the cause says why
   */
  public void awaitTermination() throws InterruptedException, ExecutionException {
    ended.get();
  }

  /**
   * Commits what is done, stops and lets go of everything. The group is not left: a restart within
   * the session timeout finds its partitions waiting. Closing again does nothing.
   */
  @Override
  public void close() {
    KafkaStreams started;
    synchronized (this) {
      started = streams;
    }
    if (started != null && !started.close(CLOSING)) {
      LOGGER.warn("Topology {} still stops after {}", config.applicationId(), CLOSING);
    }
    ended.complete(null);
  }
}
