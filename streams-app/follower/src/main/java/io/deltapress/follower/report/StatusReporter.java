package io.deltapress.follower.report;

import io.deltapress.follower.follow.Backoff;
import io.deltapress.schemas.FollowerState;
import io.deltapress.schemas.FollowerStatus;
import io.deltapress.schemas.topic.FollowerKey;
import io.deltapress.schemas.topic.ModelKey;
import java.io.Closeable;
import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes the status of each model. Only changes are published; what cannot be sent, because the
 * broker or the registry does not answer, is sent later unless a newer status has replaced it.
 * Reporting never holds up loading. Safe for use by several threads.
 */
public final class StatusReporter implements Closeable {
  private static final Logger LOGGER = LoggerFactory.getLogger(StatusReporter.class);
  private static final Duration CLOSE_WAIT = Duration.ofSeconds(5);
  private static final Backoff RETRIES =
      new Backoff(Duration.ofMillis(500), Duration.ofSeconds(30));

  private final Producer<String, FollowerStatus> producer;
  private final String topic;
  private final String host;
  private final Clock clock;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread created = new Thread(task, "follower-report");
            created.setDaemon(true);
            return created;
          });
  private final Map<String, FollowerStatus> latest = new HashMap<>();
  private final Map<String, FollowerStatus> unsent = new HashMap<>();
  private int failures;

  /**
   * @param producer closed with this
   * @param topic full name of the status topic
   * @param host name of this host
   */
  public StatusReporter(
      Producer<String, FollowerStatus> producer, String topic, String host, Clock clock) {
    this.producer = producer;
    this.topic = topic;
    this.host = host;
    this.clock = clock;
  }

  /**
   * Publishes the status of a model unless it is what was published last.
   *
   * @param version version that is served, 0 for none
   * @param headVersion head that the follower has seen, 0 for none
   * @param message one line for a person
   */
  public synchronized void report(
      ModelKey model, int version, int headVersion, FollowerState state, @Nullable String message) {
    String key = new FollowerKey(host, model).toString();
    FollowerStatus status =
        FollowerStatus.newBuilder()
            .setHost(host)
            .setTenant(model.tenant())
            .setModel(model.model())
            .setVersion(version)
            .setHeadVersion(headVersion)
            .setState(state)
            .setMessage(message)
            .setChangedAt(clock.instant().truncatedTo(ChronoUnit.MILLIS))
            .build();
    if (!isSame(latest.put(key, status), status)) {
      unsent.put(key, status);
      thread.execute(this::sendAll);
    }
  }

  private static boolean isSame(@Nullable FollowerStatus left, FollowerStatus right) {
    return left != null
        && left.getVersion() == right.getVersion()
        && left.getHeadVersion() == right.getHeadVersion()
        && left.getState() == right.getState()
        && Objects.equals(left.getMessage(), right.getMessage());
  }

  private void sendAll() {
    Map<String, FollowerStatus> batch;
    synchronized (this) {
      batch = new HashMap<>(unsent);
      unsent.clear();
    }
    batch.forEach(this::sendOne);
  }

  private void sendOne(String key, FollowerStatus status) {
    try {
      var unused =
          producer.send(
              new ProducerRecord<>(topic, key, status),
              (metadata, failure) -> sent(key, status, failure));
    } catch (KafkaException e) {
      sent(key, status, e);
    }
  }

  private synchronized void sent(String key, FollowerStatus status, @Nullable Exception failure) {
    if (failure == null) {
      failures = 0;
      return;
    }
    failures++;
    LOGGER.warn("Status of {} could not be published, trying again: {}", key, failure.toString());
    // A newer status of the model is unsent or under way, and has a callback of its own.
    if (isSame(latest.get(key), status)) {
      unsent.putIfAbsent(key, status);
    }
    if (!thread.isShutdown()) {
      var unused =
          thread.schedule(this::sendAll, RETRIES.after(failures).toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  /** Sends what there is, but waits for no broker that does not answer. */
  @Override
  public void close() {
    thread.shutdown();
    try {
      if (!thread.awaitTermination(CLOSE_WAIT.toMillis(), TimeUnit.MILLISECONDS)) {
        thread.shutdownNow();
      }
    } catch (InterruptedException e) {
      thread.shutdownNow();
      Thread.currentThread().interrupt();
    }
    producer.close(CLOSE_WAIT);
  }
}
