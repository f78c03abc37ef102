package io.deltapress.app.topology;

import io.deltapress.app.config.TopologyConfig;
import io.deltapress.schemas.client.Connection;
import java.time.Duration;
import java.util.Locale;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.GroupProtocol;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.streams.StreamsConfig;

/**
 * How Kafka Streams is told to run: exactly once, as a static member of a classic group (ADR 0001),
 * with transactions short enough that a submission does not wait for them.
 */
final class StreamsSettings {
  /** Polling longer than the commit interval would only delay commits. */
  private static final long LONGEST_POLL_MS = 100;

  private static final int LARGEST_REQUEST_BYTES = 32 << 20;

  private StreamsSettings() {}

  static Properties of(TopologyConfig config, Connection connection) {
    Properties settings = new Properties();
    settings.putAll(connection.commonProperties());
    settings.put(StreamsConfig.APPLICATION_ID_CONFIG, config.applicationId());
    settings.put(StreamsConfig.STATE_DIR_CONFIG, config.stateDirectory().toString());
    settings.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, config.streamThreads());
    settings.put(StreamsConfig.REPLICATION_FACTOR_CONFIG, (int) config.replicationFactor());
    settings.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
    long commitIntervalMs = config.commitInterval().toMillis();
    settings.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, commitIntervalMs);
    settings.put(StreamsConfig.POLL_MS_CONFIG, Math.min(commitIntervalMs, LONGEST_POLL_MS));
    member(settings, config);
    // A survey may exceed a megabyte; brokers measure it compressed, the client does not.
    settings.putIfAbsent(
        StreamsConfig.producerPrefix(ProducerConfig.MAX_REQUEST_SIZE_CONFIG),
        Integer.toString(LARGEST_REQUEST_BYTES));
    settings.putIfAbsent(
        StreamsConfig.producerPrefix(ProducerConfig.COMPRESSION_TYPE_CONFIG), "zstd");
    return settings;
  }

  private static void member(Properties settings, TopologyConfig config) {
    Duration session = config.sessionTimeout();
    settings.put(
        StreamsConfig.GROUP_PROTOCOL_CONFIG, GroupProtocol.CLASSIC.name().toLowerCase(Locale.ROOT));
    settings.put(consumer(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG), config.instanceId());
    settings.put(
        consumer(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG), Math.toIntExact(session.toMillis()));
    settings.put(
        consumer(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG),
        Math.toIntExact(session.dividedBy(3).toMillis()));
  }

  private static String consumer(String key) {
    return StreamsConfig.mainConsumerPrefix(key);
  }
}
