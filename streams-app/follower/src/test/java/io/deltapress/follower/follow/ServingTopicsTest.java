package io.deltapress.follower.follow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deltapress.follower.follow.TopicRecords.Changes;
import io.deltapress.schemas.topic.ModelKey;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.Deserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class ServingTopicsTest {
  private static final String TOPIC = "heads";
  private static final TopicPartition PARTITION = new TopicPartition(TOPIC, 0);

  private final StopSignal stop = new StopSignal();
  private final MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("earliest");
  private final List<String> applied = new ArrayList<>();
  private final List<Set<ModelKey>> announced = new ArrayList<>();
  private int registryBlips;

  @Test
  void shouldAnnounceModelsOnceWhenCaughtUp() {
    // Given
    withRecords("acme/a", "acme/b", "acme/a");

    // When
    follow(1);

    // Then
    assertThat(applied).containsExactly("acme/a changed", "acme/b changed", "acme/a changed");
    assertThat(announced)
        .containsExactly(Set.of(new ModelKey("acme", "a"), new ModelKey("acme", "b")));
  }

  @Test
  void shouldReadRecordAgainWhenRegistryDoesNotAnswer() {
    // Given
    registryBlips = 2;
    withRecords("acme/a", "acme/b");

    // When
    follow(1);

    // Then
    assertThat(applied).containsExactly("acme/a changed", "acme/b changed");
  }

  @Test
  void shouldGoOnWhenRecordsAreUnreadable() {
    // Given
    withRecords("acme/poison", "no key", "acme/foreign", "acme/a", "acme/a deleted");

    // When
    follow(1);

    // Then
    assertThat(applied)
        .containsExactly(
            "acme/poison unreadable: Record of acme/poison at heads partition 0 offset 0 cannot be"
                + " read; publish it again: poison",
            "acme/foreign unreadable: Record of acme/foreign at heads partition 0 offset 2 cannot"
                + " be read; publish it again: its value is that of another key",
            "acme/a changed",
            "acme/a removed");
  }

  @Test
  void shouldTryAgainWhenBrokerDoesNotAnswer() {
    // Given
    consumer.schedulePollTask(() -> consumer.setPollException(new TimeoutException("no broker")));
    withRecords("acme/a");

    // When
    follow(1);

    // Then
    assertThat(applied).containsExactly("acme/a changed");
  }

  @Test
  void shouldFailWhenBrokerRefuses() {
    // Given
    consumer.schedulePollTask(
        () -> consumer.setPollException(new AuthorizationException("not allowed")));
    withRecords("acme/a");

    // When / Then
    assertThatThrownBy(() -> topics(1).follow())
        .isInstanceOf(AuthorizationException.class)
        .hasMessage("not allowed");
  }

  private void withRecords(String... keys) {
    consumer.updatePartitions(
        TOPIC, List.of(new PartitionInfo(TOPIC, 0, Node.noNode(), new Node[0], new Node[0])));
    consumer.updateBeginningOffsets(Map.of(PARTITION, 0L));
    consumer.updateEndOffsets(Map.of(PARTITION, (long) keys.length));
    consumer.schedulePollTask(
        () -> {
          for (int i = 0; i < keys.length; i++) {
            consumer.addRecord(record(i, keys[i]));
          }
        });
  }

  private static ConsumerRecord<byte[], byte[]> record(long offset, String text) {
    String key = text.replace(" deleted", "");
    byte[] value = text.equals(key) ? text.getBytes(StandardCharsets.UTF_8) : null;
    return new ConsumerRecord<>(TOPIC, 0, offset, key.getBytes(StandardCharsets.UTF_8), value);
  }

  private void follow(int announcements) {
    topics(announcements).follow();
  }

  private ServingTopics topics(int announcements) {
    TopicRecords<ModelKey, String, ModelKey> records =
        new TopicRecords<>(
            TOPIC,
            ModelKey::parse,
            values(),
            (key, value) -> !value.endsWith("foreign"),
            new Changes<>(
                (key, value) -> applied(key, "changed"),
                (key, reason) -> applied(key, "unreadable: " + reason),
                key -> applied(key, "removed")));
    return new ServingTopics(
        consumer,
        new ServingRecords(Stream.of(records)),
        models -> {
          announced.add(models);
          if (announced.size() == announcements) {
            stop.stop();
            consumer.wakeup();
          }
        },
        stop);
  }

  private Set<ModelKey> applied(ModelKey key, String what) {
    applied.add(key + " " + what);
    return Set.of(key);
  }

  private Deserializer<String> values() {
    return (topic, bytes) -> {
      String value = new String(bytes, StandardCharsets.UTF_8);
      if (value.endsWith("poison")) {
        throw new SerializationException("poison");
      }
      if (registryBlips > 0) {
        registryBlips--;
        throw new TimeoutException("registry");
      }
      return value;
    };
  }
}
