package io.deltapress.app.cli.client;

import io.deltapress.schemas.client.Connection;
import io.deltapress.schemas.topic.Topic;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * Writes records to one topic.
 *
 * <p>Threading notes: used by one thread.
 */
public final class TopicWriter<V extends SpecificRecord> implements AutoCloseable {
  private final String topicName;
  private final KafkaProducer<String, V> producer;
  private final Failures failures;

  TopicWriter(Topic<V> topic, Connection connection, Failures failures, Duration patience) {
    this.topicName = connection.nameOf(topic);
    this.failures = failures;
    try {
      this.producer =
          new KafkaProducer<>(
              properties(connection, patience),
              new StringSerializer(),
              connection.serde(topic).serializer());
    } catch (KafkaException e) {
      throw failures.explain(e);
    }
  }

  private static Map<String, Object> properties(Connection connection, Duration patience) {
    Map<String, Object> properties = new HashMap<>(connection.producerProperties());
    int patienceMillis = Math.toIntExact(patience.toMillis());
    properties.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, patienceMillis);
    properties.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, patienceMillis);
    properties.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, patienceMillis / 2);
    return properties;
  }

  /** Writes a record and waits until every replica has it. */
  public void send(String key, V value) {
    try {
      producer.send(new ProducerRecord<>(topicName, key, value)).get();
    } catch (KafkaException e) {
      throw failures.explain(e);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof KafkaException cause
          ? failures.explain(cause)
          : new PipelineException("the record was not written: " + e.getCause(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new PipelineException("interrupted; whether the record was written is unknown", e);
    }
  }

  @Override
  public void close() {
    producer.close(Duration.ZERO);
  }
}
