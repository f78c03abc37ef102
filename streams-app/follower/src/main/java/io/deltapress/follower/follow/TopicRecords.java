package io.deltapress.follower.follow;

import io.deltapress.schemas.serde.RegistryUnavailableException;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.BiPredicate;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the records of one compacted topic and hands them on. A record that cannot be read, or
 * whose value is not of its key, is logged once and stops nothing.
 *
 * @param topic full name
 * @param key reads a key, or throws {@link IllegalArgumentException}
 * @param deserializer reads a value
 * @param belongs whether a value is of a key, since keys become paths and are trusted afterwards
 * @param changes what becomes of the record
 * @param <K> the key
 * @param <V> the value
 * @param <R> what handing it on gives
 */
record TopicRecords<K, V, R>(
    String topic,
    Function<String, K> key,
    Deserializer<V> deserializer,
    BiPredicate<K, V> belongs,
    Changes<K, V, R> changes) {
  private static final Logger LOGGER = LoggerFactory.getLogger(TopicRecords.class);

  /** What becomes of records. */
  record Changes<K, V, R>(
      BiFunction<K, V, Set<R>> changed,
      BiFunction<K, String, Set<R>> unreadable,
      Function<K, Set<R>> removed) {}

  /**
   * Reads one record.
   *
   * @throws RegistryUnavailableException if the record may be fine; read it again later
   */
  Set<R> read(ConsumerRecord<byte[], byte[]> record) {
    try {
      K parsed = key.apply(keyText(record));
      return record.value() == null ? removed(record, parsed) : value(record, parsed);
    } catch (IllegalArgumentException e) {
      LOGGER.warn("Skipped {}: its key is no key of the topic: {}", at(record), e.getMessage());
      return Set.of();
    }
  }

  private static String keyText(ConsumerRecord<byte[], byte[]> record) {
    if (record.key() == null) {
      throw new IllegalArgumentException("there is none");
    }
    return new String(record.key(), StandardCharsets.UTF_8);
  }

  private Set<R> removed(ConsumerRecord<byte[], byte[]> record, K parsed) {
    LOGGER.info("{} at {} is removed", parsed, at(record));
    return changes.removed().apply(parsed);
  }

  private Set<R> value(ConsumerRecord<byte[], byte[]> record, K parsed) {
    try {
      V value = deserializer.deserialize(topic, record.value());
      if (belongs.test(parsed, value)) {
        return changes.changed().apply(parsed, value);
      }
      return unreadable(record, parsed, "its value is that of another key");
    } catch (SerializationException e) {
      return unreadable(record, parsed, OneLine.of(String.valueOf(e.getMessage())));
    }
  }

  private Set<R> unreadable(ConsumerRecord<byte[], byte[]> record, K parsed, String why) {
    String reason =
        "Record of %s at %s cannot be read; publish it again: %s"
            .formatted(parsed, at(record), why);
    LOGGER.warn("{}", reason);
    return changes.unreadable().apply(parsed, reason);
  }

  private String at(ConsumerRecord<byte[], byte[]> record) {
    return "%s partition %d offset %d".formatted(topic, record.partition(), record.offset());
  }
}
