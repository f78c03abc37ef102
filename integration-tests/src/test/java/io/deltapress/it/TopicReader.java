package io.deltapress.it;

import io.deltapress.schemas.client.Connection;
import io.deltapress.schemas.serde.UndecodableRecordException;
import io.deltapress.schemas.topic.Topic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/**
 * Reads what topics hold at this moment, as any other team's consumer would: what it cannot decode
 * it passes over. What it has read once it keeps, so that each look costs only what is new.
 */
final class TopicReader implements AutoCloseable {
  private final Connection connection;
  private final Map<Topic<?>, Reading<?>> readings = new HashMap<>();

  TopicReader(Connection connection) {
    this.connection = connection;
  }

  /** Every committed record of a topic, in the order of its partition. */
  @SuppressWarnings("unchecked") // A topic's reading decodes what the topic holds.
  <V extends SpecificRecord> List<ConsumerRecord<String, V>> readAll(Topic<V> topic) {
    Reading<V> reading = (Reading<V>) readings.computeIfAbsent(topic, Reading::new);
    reading.catchUp();
    return List.copyOf(reading.found);
  }

  @Override
  public void close() {
    readings.values().forEach(reading -> reading.consumer.close());
  }

  private final class Reading<V extends SpecificRecord> {
    private final Deserializer<V> decoder;
    private final KafkaConsumer<String, byte[]> consumer;
    private final List<TopicPartition> partitions;
    private final List<ConsumerRecord<String, V>> found = new ArrayList<>();

    Reading(Topic<V> topic) {
      decoder = connection.serde(topic.value()).deserializer();
      consumer =
          new KafkaConsumer<>(
              connection.consumerProperties(),
              new StringDeserializer(),
              new ByteArrayDeserializer());
      partitions =
          consumer.partitionsFor(connection.nameOf(topic)).stream()
              .map(info -> new TopicPartition(info.topic(), info.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
    }

    void catchUp() {
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      while (partitions.stream()
          .anyMatch(partition -> consumer.position(partition) < ends.get(partition))) {
        consumer.poll(Duration.ofMillis(100)).forEach(this::add);
      }
    }

    private void add(ConsumerRecord<String, byte[]> read) {
      try {
        found.add(
            new ConsumerRecord<>(
                read.topic(),
                read.partition(),
                read.offset(),
                read.key(),
                decoder.deserialize(read.topic(), read.value())));
      } catch (UndecodableRecordException e) {
        // Somebody else's dead letter.
      }
    }
  }
}
