package io.deltapress.app.cli.client;

import io.deltapress.schemas.client.Connection;
import io.deltapress.schemas.topic.Topic;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * Reads and writes the pipeline's topics for one command. Whatever gets no answer for as long as
 * the patience lasts ends with a {@link PipelineException}; nothing hangs.
 *
 * <p>Threading notes: used by one thread.
 */
public final class PipelineClient {
  /** How long a person is kept waiting for a broker that does not answer. */
  public static final Duration PATIENCE = Duration.ofSeconds(10);

  private final Connection connection;
  private final Duration patience;
  private final Failures failures;

  /** A client of that pipeline; nothing is contacted before it is needed. */
  public PipelineClient(Connection connection) {
    this(connection, PATIENCE);
  }

  PipelineClient(Connection connection, Duration patience) {
    this.connection = connection;
    this.patience = patience;
    this.failures = new Failures(connection, patience);
  }

  /** Opens a topic for reading, from its beginning unless told otherwise; the caller closes it. */
  public <V extends SpecificRecord> TopicReader<V> open(Topic<V> topic) {
    return new TopicReader<>(topic, connection, failures, patience).fromBeginning();
  }

  /** Everything a topic holds now, per partition in order. */
  public <V extends SpecificRecord> List<Entry<V>> read(Topic<V> topic) {
    try (TopicReader<V> reader = open(topic)) {
      return reader.readToEnd();
    }
  }

  /** The newest record of each key of a topic. */
  public <V extends SpecificRecord> SortedMap<String, V> latest(Topic<V> topic) {
    SortedMap<String, V> latest = new TreeMap<>();
    read(topic).forEach(entry -> latest.put(entry.key(), entry.value()));
    return latest;
  }

  /** Writes a record and waits until every replica has it. */
  public <V extends SpecificRecord> void send(Topic<V> topic, String key, V value) {
    // Opening it makes sure that the topic exists: a producer would have the broker create it.
    open(topic).close();
    try (KafkaProducer<String, V> producer =
        new KafkaProducer<>(
            producerProperties(), new StringSerializer(), connection.serde(topic).serializer())) {
      producer.send(new ProducerRecord<>(connection.nameOf(topic), key, value)).get();
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

  private Map<String, Object> producerProperties() {
    Map<String, Object> properties = new HashMap<>(connection.producerProperties());
    int patienceMillis = Math.toIntExact(patience.toMillis());
    properties.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, patienceMillis);
    properties.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, patienceMillis);
    properties.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, patienceMillis / 2);
    return properties;
  }
}
