package io.deltapress.follower;

import io.deltapress.follower.fetch.ShardFetcher;
import io.deltapress.follower.fetch.StoredObjects;
import io.deltapress.follower.follow.Decoders;
import io.deltapress.follower.follow.StopSignal;
import io.deltapress.follower.report.StatusReporter;
import io.deltapress.schemas.client.Connection;
import io.deltapress.schemas.topic.Topics;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** Creates what a follower talks to the broker with. */
record FollowerClients(Connection connection, FollowerConfig config) {
  private static final int CHUNK_FETCH_BYTES = 8 << 20;

  /** A fetch that waits at the end of a partition holds up the next one, of another shard. */
  private static final int CHUNK_FETCH_WAIT_MS = 10;

  private static final int MAX_BLOCK_MS = 10_000;

  /** A consumer of small records. */
  Consumer<byte[], byte[]> newTopicConsumer() {
    return newConsumer(Map.of());
  }

  /** Fetches shards; its consumer holds few chunks at a time. */
  ShardFetcher newFetcher(StopSignal stop) {
    Map<String, Object> limits =
        Map.of(
            ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG,
            CHUNK_FETCH_BYTES,
            ConsumerConfig.FETCH_MAX_BYTES_CONFIG,
            CHUNK_FETCH_BYTES,
            ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG,
            CHUNK_FETCH_WAIT_MS);
    return new ShardFetcher(
        new Decoders(connection),
        () -> newConsumer(limits),
        config.storeDirectory().map(StoredObjects::new),
        stop);
  }

  /** Reports to the status topic. */
  StatusReporter newReporter() {
    Map<String, Object> properties = new HashMap<>(connection.producerProperties());
    properties.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, MAX_BLOCK_MS);
    return new StatusReporter(
        new KafkaProducer<>(
            properties,
            new StringSerializer(),
            connection.serde(Topics.SERVING_STATUS.value()).serializer()),
        Topics.SERVING_STATUS.name(connection.topicPrefix()),
        config.host(),
        Clock.systemUTC());
  }

  private Consumer<byte[], byte[]> newConsumer(Map<String, Object> settings) {
    Map<String, Object> properties = new HashMap<>(connection.consumerProperties());
    properties.putAll(settings);
    properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    return new KafkaConsumer<>(
        properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }
}
