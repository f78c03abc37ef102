package io.deltapress.follower.follow;

import io.deltapress.schemas.client.Connection;
import io.deltapress.schemas.topic.Topic;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.Deserializer;

/**
 * Names of topics and readers of their values.
 *
 * @param connection says how topics are called and where the registry is
 */
public record Decoders(Connection connection) {

  /** A reader of a topic's values. */
  public <V extends SpecificRecord> Deserializer<V> of(Topic<V> topic) {
    return connection.serde(topic.value()).deserializer();
  }

  /** Full name of a topic. */
  public String nameOf(Topic<?> topic) {
    return topic.name(connection.topicPrefix());
  }
}
