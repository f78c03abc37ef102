package io.deltapress.app.processor;

import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serializer;

/**
 * A serde that always speaks of one topic. Registered schemas belong to topics by name; changelogs
 * and repartition topics carry what came from such a topic and have no schemas of their own.
 */
public final class FixedTopicSerde<T> implements Serde<T> {
  private final Serde<T> serde;
  private final String topic;

  /** Wraps a serde so that it speaks of that topic. */
  public FixedTopicSerde(Serde<T> serde, String topic) {
    this.serde = serde;
    this.topic = topic;
  }

  @Override
  public Serializer<T> serializer() {
    Serializer<T> serializer = serde.serializer();
    return (anyTopic, value) -> serializer.serialize(topic, value);
  }

  @Override
  public Deserializer<T> deserializer() {
    Deserializer<T> deserializer = serde.deserializer();
    return (anyTopic, bytes) -> deserializer.deserialize(topic, bytes);
  }
}
