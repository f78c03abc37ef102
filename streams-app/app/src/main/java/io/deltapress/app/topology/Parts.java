package io.deltapress.app.topology;

import io.deltapress.app.config.TopologyConfig;
import io.deltapress.app.domain.PlannerSettings;
import io.deltapress.app.metrics.PipelineMetrics;
import io.deltapress.app.processor.FixedTopicSerde;
import io.deltapress.app.processor.WireSerdes;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Named;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.kstream.Repartitioned;
import org.apache.kafka.streams.processor.StreamPartitioner;

/** What every sub-topology is built from. */
record Parts(TopologyConfig config, TopicNames topics, WireSerdes serdes, PipelineMetrics metrics) {

  PlannerSettings plannerSettings() {
    return new PlannerSettings(
        config.shardBytes(),
        config.artifactInlineMaxBytes(),
        config.windows().delta(),
        config.windows().tenant(),
        config.windows().lane(),
        config.taskDeadline(),
        config.calibrateDeadline(),
        config.editDeadline(),
        config.defaultEditor(),
        config.taskAttempts(),
        config.taskBackoff());
  }

  <T extends SpecificRecord> Serde<T> serde(Class<T> type) {
    return serdes.serde(type);
  }

  /** A serde for internal topics and stores that carry records of a topic of the contract. */
  <T extends SpecificRecord> Serde<T> internal(Class<T> type, String topic) {
    return new FixedTopicSerde<>(serde(type), topic);
  }

  /** Requests are small; state grows with them, up to six times in JSON. */
  static final int LONGEST_REQUEST_BYTES = 64 << 10;

  /**
   * Reads a topic of strangers: as bytes, so that nothing in it can stop the stream. A record
   * without a timestamp, which other clients can write, is taken as of now.
   */
  static Consumed<String, byte[]> bytesFrom(String node) {
    return Consumed.<String, byte[]>as(node)
        .withKeySerde(Serdes.String())
        .withValueSerde(Serdes.ByteArray())
        .withTimestampExtractor(
            (record, partitionTime) ->
                record.timestamp() >= 0 ? record.timestamp() : System.currentTimeMillis());
  }

  /** An internal topic, partitioned as {@code work.results} is. */
  <V> Repartitioned<String, V> by(String name, Serde<V> values) {
    return Repartitioned.<String, V>as(name)
        .withKeySerde(Serdes.String())
        .withValueSerde(values)
        .withNumberOfPartitions(config.partitions());
  }

  Repartitioned<String, byte[]> by(String name) {
    return by(name, Serdes.ByteArray());
  }

  /** For what concerns models of any partition. */
  static <V> StreamPartitioner<String, V> toEveryPartition() {
    return (topic, key, value, partitions) ->
        Optional.of(IntStream.range(0, partitions).boxed().collect(Collectors.toSet()));
  }

  /** The bytes among what a processor forwards to that node. */
  static KStream<String, byte[]> bytesTo(KStream<String, Object> stream, String node) {
    return stream.mapValues(value -> (byte[]) value, Named.as(node));
  }

  /** A sink for the records of one class among what a processor forwards. */
  <T extends SpecificRecord> void sink(
      KStream<String, Object> stream, String node, String topic, Class<T> type) {
    // The processor names the node when it forwards, so that only records of the class get here.
    @SuppressWarnings("unchecked")
    KStream<String, T> records = (KStream<String, T>) (KStream<String, ?>) stream;
    records.to(
        topic,
        Produced.<String, T>as(node).withKeySerde(Serdes.String()).withValueSerde(serde(type)));
  }
}
