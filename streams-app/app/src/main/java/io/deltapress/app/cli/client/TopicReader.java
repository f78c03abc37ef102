package io.deltapress.app.cli.client;

import io.deltapress.schemas.client.Connection;
import io.deltapress.schemas.serde.UndecodableRecordException;
import io.deltapress.schemas.topic.Topic;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.Deserializer;

/**
 * Reads the committed records of one topic. Records that cannot be decoded are passed over: they
 * are somebody else's mistake, of which a dead letter tells.
 *
 * <p>Threading notes: used by one thread.
 */
public final class TopicReader<V extends SpecificRecord> implements AutoCloseable {
  private static final Duration POLL = Duration.ofMillis(100);

  private final String topicName;
  private final Deserializer<V> deserializer;
  private final KafkaConsumer<byte[], byte[]> consumer;
  private final List<TopicPartition> partitions;
  private final Failures failures;
  private final Duration patience;

  TopicReader(Topic<V> topic, Connection connection, Failures failures, Duration patience) {
    this.topicName = connection.nameOf(topic);
    this.deserializer = connection.serde(topic).deserializer();
    this.failures = failures;
    this.patience = patience;
    this.consumer = consumer(connection, failures, patience);
    try {
      this.partitions = partitions();
      consumer.assign(partitions);
    } catch (KafkaException e) {
      consumer.close();
      throw failures.explain(e);
    } catch (PipelineException e) {
      consumer.close();
      throw e;
    }
  }

  private static KafkaConsumer<byte[], byte[]> consumer(
      Connection connection, Failures failures, Duration patience) {
    Map<String, Object> properties = new HashMap<>(connection.consumerProperties());
    int patienceMillis = Math.toIntExact(patience.toMillis());
    properties.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, patienceMillis);
    properties.put(ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG, patienceMillis / 2);
    properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    try {
      return new KafkaConsumer<>(
          properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    } catch (KafkaException e) {
      throw failures.explain(e);
    }
  }

  private List<TopicPartition> partitions() {
    List<PartitionInfo> infos = consumer.partitionsFor(topicName);
    if (infos == null || infos.isEmpty()) {
      throw failures.missingTopic(topicName);
    }
    return infos.stream().map(info -> new TopicPartition(topicName, info.partition())).toList();
  }

  /** Has the next {@link #poll} return what is written from now on. */
  public TopicReader<V> fromEnd() {
    try {
      ends().forEach(consumer::seek);
      return this;
    } catch (KafkaException e) {
      throw failures.explain(e);
    }
  }

  /** Has the next {@link #poll} return the oldest record there is. */
  public TopicReader<V> fromBeginning() {
    consumer.seekToBeginning(partitions);
    return this;
  }

  /** What has come since the last call; waits a tenth of a second for something to come. */
  public List<Entry<V>> poll() {
    return poll(POLL);
  }

  /** What has come since the last call, without waiting. */
  public List<Entry<V>> pollNow() {
    return poll(Duration.ZERO);
  }

  private List<Entry<V>> poll(Duration wait) {
    try {
      List<Entry<V>> entries = new ArrayList<>();
      for (ConsumerRecord<byte[], byte[]> read : consumer.poll(wait)) {
        add(entries, read);
      }
      return entries;
    } catch (KafkaException e) {
      throw failures.explain(e);
    }
  }

  /** Everything between the position and what is the end of the topic now. */
  public List<Entry<V>> readToEnd() {
    try {
      Map<TopicPartition, Long> ends = ends();
      List<Entry<V>> entries = new ArrayList<>();
      long before = positions();
      long lastMove = System.nanoTime();
      while (isBefore(ends)) {
        entries.addAll(poll());
        long now = positions();
        if (now != before) {
          before = now;
          lastMove = System.nanoTime();
        } else if (System.nanoTime() - lastMove > patience.toNanos()) {
          throw failures.noAnswer();
        }
      }
      return entries;
    } catch (KafkaException e) {
      throw failures.explain(e);
    }
  }

  /** With read_committed the end is that of the last finished transaction. */
  private Map<TopicPartition, Long> ends() {
    return consumer.endOffsets(partitions);
  }

  private boolean isBefore(Map<TopicPartition, Long> ends) {
    return ends.entrySet().stream()
        .anyMatch(end -> consumer.position(end.getKey()) < end.getValue());
  }

  private long positions() {
    return partitions.stream().mapToLong(consumer::position).sum();
  }

  private void add(List<Entry<V>> entries, ConsumerRecord<byte[], byte[]> read) {
    if (read.key() == null) {
      return;
    }
    try {
      V value = deserializer.deserialize(topicName, read.value());
      if (value != null) {
        entries.add(
            new Entry<>(
                new String(read.key(), StandardCharsets.UTF_8),
                value,
                Instant.ofEpochMilli(read.timestamp())));
      }
    } catch (UndecodableRecordException e) {
      return;
    }
  }

  @Override
  public void close() {
    consumer.close();
  }
}
