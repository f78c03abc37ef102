package io.deltapress.it;

import io.deltapress.schemas.client.Connection;
import io.deltapress.schemas.serde.UndecodableRecordException;
import io.deltapress.schemas.topic.Topic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/**
 * Reads what a topic holds at this moment, as any other team's consumer would: what it cannot
 * decode it passes over.
 */
final class TopicReader {
  private final Connection connection;

  TopicReader(Connection connection) {
    this.connection = connection;
  }

  /** Every committed record of a topic, partition by partition. */
  <V extends SpecificRecord> List<ConsumerRecord<String, V>> readAll(Topic<V> topic) {
    Deserializer<V> decoder = connection.serde(topic.value()).deserializer();
    try (KafkaConsumer<String, byte[]> consumer =
        new KafkaConsumer<>(
            connection.consumerProperties(),
            new StringDeserializer(),
            new ByteArrayDeserializer())) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(connection.nameOf(topic)).stream()
              .map(info -> new TopicPartition(info.topic(), info.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      List<ConsumerRecord<String, V>> found = new ArrayList<>();
      while (partitions.stream()
          .anyMatch(partition -> consumer.position(partition) < ends.get(partition))) {
        for (ConsumerRecord<String, byte[]> read : consumer.poll(Duration.ofMillis(100))) {
          decoded(read, decoder).ifPresent(found::add);
        }
      }
      return found;
    }
  }

  private static <V> Optional<ConsumerRecord<String, V>> decoded(
      ConsumerRecord<String, byte[]> read, Deserializer<V> decoder) {
    try {
      return Optional.of(
          new ConsumerRecord<>(
              read.topic(),
              read.partition(),
              read.offset(),
              read.key(),
              decoder.deserialize(read.topic(), read.value())));
    } catch (UndecodableRecordException e) {
      return Optional.empty();
    }
  }
}
