package io.deltapress.app.cli.client;

import io.deltapress.schemas.client.Connection;
import io.deltapress.schemas.topic.Topic;
import java.time.Duration;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.avro.specific.SpecificRecord;

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

  /** Opens a topic for writing; the caller closes it. */
  public <V extends SpecificRecord> TopicWriter<V> writer(Topic<V> topic) {
    // Opening it for reading makes sure that it exists: a producer would have the broker create it.
    open(topic).close();
    return new TopicWriter<>(topic, connection, failures, patience);
  }

  /** Writes a record and waits until every replica has it. */
  public <V extends SpecificRecord> void send(Topic<V> topic, String key, V value) {
    try (TopicWriter<V> writer = writer(topic)) {
      writer.send(key, value);
    }
  }
}
