package io.deltapress.it;

import io.deltapress.schemas.client.Connection;
import io.deltapress.schemas.topic.Topic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;

/** Reads what a topic holds at this moment, as any other team's consumer would. */
final class TopicReader {
  private final Connection connection;

  TopicReader(Connection connection) {
    this.connection = connection;
  }

  /** Every committed record of a topic, partition by partition. */
  <V extends SpecificRecord> List<ConsumerRecord<String, V>> readAll(Topic<V> topic) {
    try (KafkaConsumer<String, V> consumer =
        new KafkaConsumer<>(
            connection.consumerProperties(),
            new StringDeserializer(),
            connection.serde(topic.value()).deserializer())) {
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
        consumer.poll(Duration.ofMillis(100)).forEach(found::add);
      }
      return found;
    }
  }

  /** The values of a topic under one key. */
  <V extends SpecificRecord> List<V> valuesOf(Topic<V> topic, String key) {
    return readAll(topic).stream()
        .filter(record -> key.equals(record.key()))
        .map(ConsumerRecord::value)
        .toList();
  }
}
