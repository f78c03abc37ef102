package io.deltapress.follower.follow;

import io.deltapress.schemas.topic.ModelKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads all partitions of the serving topics from their beginning, without a consumer group: every
 * follower reads everything, and there is nothing to commit. What is there already is read to its
 * end before anything is announced, so that a follower which starts a month late acts on the latest
 * head of each model, once.
 */
public final class ServingTopics {
  private static final Logger LOGGER = LoggerFactory.getLogger(ServingTopics.class);
  private static final Duration POLL = Duration.ofMillis(200);
  private static final Backoff RETRIES =
      new Backoff(Duration.ofMillis(200), Duration.ofSeconds(10));

  /** Told of models whose goal may have changed. */
  @FunctionalInterface
  public interface ChangeListener {

    /** The records of these models, or of their bases, have changed. */
    void changed(Set<ModelKey> models);
  }

  private final Consumer<byte[], byte[]> consumer;
  private final ServingRecords records;
  private final ChangeListener listener;
  private final StopSignal stop;

  /**
   * @param consumer reads committed records only; used by the thread of {@link #follow} alone
   * @param listener called by the thread of {@link #follow}
   */
  public ServingTopics(
      Consumer<byte[], byte[]> consumer,
      ServingRecords records,
      ChangeListener listener,
      StopSignal stop) {
    this.consumer = consumer;
    this.records = records;
    this.listener = listener;
    this.stop = stop;
  }

  /**
   * Follows until the signal to stop.
   *
   * @throws java.util.concurrent.CancellationException if the signal came in the middle of work
   * @throws org.apache.kafka.common.KafkaException if the broker refuses for good
   */
  public void follow() {
    List<TopicPartition> partitions = retried("find the serving topics", this::partitions);
    consumer.assign(partitions);
    consumer.seekToBeginning(partitions);
    listener.changed(catchUp(retried("find their ends", () -> consumer.endOffsets(partitions))));
    while (!stop.isStopped()) {
      Set<ModelKey> changed = next();
      if (!changed.isEmpty()) {
        listener.changed(changed);
      }
    }
  }

  private List<TopicPartition> partitions() {
    List<TopicPartition> partitions = new ArrayList<>();
    for (String topic : records.topics()) {
      List<PartitionInfo> found = consumer.partitionsFor(topic);
      if (found == null || found.isEmpty()) {
        throw new TopicMissingException(topic);
      }
      found.forEach(info -> partitions.add(new TopicPartition(topic, info.partition())));
    }
    return partitions;
  }

  /** A topic may be created after its followers started. */
  private static final class TopicMissingException extends RetriableException {
    private static final long serialVersionUID = 1L;

    TopicMissingException(String topic) {
      super("topic " + topic + " does not exist yet; 'deltapress setup' creates it");
    }
  }

  private Set<ModelKey> catchUp(Map<TopicPartition, Long> ends) {
    Set<ModelKey> models = new HashSet<>();
    while (!retried("find the position in the serving topics", () -> isAt(ends))) {
      models.addAll(next());
    }
    LOGGER.info("Caught up with the serving topics: {} models have records", models.size());
    return models;
  }

  private boolean isAt(Map<TopicPartition, Long> ends) {
    return ends.entrySet().stream()
        .allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
  }

  private Set<ModelKey> next() {
    Set<ModelKey> changed = new HashSet<>();
    for (ConsumerRecord<byte[], byte[]> record :
        retried("read the serving topics", () -> consumer.poll(POLL))) {
      changed.addAll(retried("read a record", () -> records.apply(record)));
    }
    return changed;
  }

  private <T> T retried(String what, Supplier<T> attempt) {
    for (int failures = 1; ; failures++) {
      stop.check();
      try {
        return attempt.get();
      } catch (WakeupException e) {
        stop.check();
      } catch (RetriableException e) {
        log(what, failures, e);
        stop.pause(RETRIES.after(failures));
      }
    }
  }

  /** Trouble that lasts is reported when it begins and now and then. */
  private static void log(String what, int failures, RetriableException e) {
    if (Integer.bitCount(failures) == 1) {
      LOGGER.warn("Cannot {} (attempt {}), trying again: {}", what, failures, e.getMessage());
    }
  }
}
