package io.deltapress.schemas.client;

import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;

/** What this pipeline's clients are configured with, unless a person says otherwise. */
final class ClientProperties {
  // Chunks of 700 kB: one batch holds one, and few enough are in flight to bound memory and
  // latency.
  private static final int BATCH_BYTES = 1 << 20;
  private static final long BUFFER_BYTES = 64L << 20;
  private static final int REQUEST_BYTES = 1_572_864;
  private static final int PARTITION_FETCH_BYTES = 8 << 20;

  private ClientProperties() {}

  static Map<String, Object> producer(String bootstrapServers, Map<String, Object> overrides) {
    Map<String, Object> properties = base(bootstrapServers);
    properties.put(ProducerConfig.ACKS_CONFIG, "all");
    properties.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
    properties.put(ProducerConfig.LINGER_MS_CONFIG, 0);
    properties.put(ProducerConfig.BATCH_SIZE_CONFIG, BATCH_BYTES);
    properties.put(ProducerConfig.BUFFER_MEMORY_CONFIG, BUFFER_BYTES);
    properties.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, REQUEST_BYTES);
    properties.putAll(overrides);
    return properties;
  }

  static Map<String, Object> consumer(String bootstrapServers, Map<String, Object> overrides) {
    Map<String, Object> properties = base(bootstrapServers);
    properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    properties.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, PARTITION_FETCH_BYTES);
    properties.putAll(overrides);
    return properties;
  }

  static Map<String, Object> common(String bootstrapServers, Map<String, Object> overrides) {
    Map<String, Object> properties = base(bootstrapServers);
    properties.putAll(overrides);
    return properties;
  }

  private static Map<String, Object> base(String bootstrapServers) {
    Map<String, Object> properties = new HashMap<>();
    properties.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
    return properties;
  }
}
