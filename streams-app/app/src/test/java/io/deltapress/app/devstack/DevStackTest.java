package io.deltapress.app.devstack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deltapress.app.setup.PipelineSetup;
import io.deltapress.app.setup.TopicLayout;
import io.deltapress.schemas.ModelHead;
import io.deltapress.schemas.client.Connection;
import io.deltapress.schemas.topic.Topics;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DevStackTest {
  private static final TopicLayout ONE_PARTITION = new TopicLayout(1, 1);

  @TempDir private Path directory;

  @Test
  void shouldDecodeOldRecordsWhenStartedAgainInTheSameDirectory() throws Exception {
    // Given
    try (DevStack stack = DevStack.start(directory)) {
      new PipelineSetup(stack.connection(), ONE_PARTITION).run();
      send(stack.connection(), head(7));
    }

    // When
    List<ModelHead> heads;
    try (DevStack stack = DevStack.start(directory)) {
      send(anotherClient(stack), head(8));
      heads = heads(anotherClient(stack), 2);
    }

    // Then
    assertThat(heads).containsExactly(head(7), head(8));
  }

  @Test
  void shouldRefuseSecondBrokerOnALiveDirectory() throws Exception {
    // Given
    Path data = directory.resolve("broker");

    try (EmbeddedBroker broker = EmbeddedBroker.start(data)) {
      // When / Then
      assertThatThrownBy(() -> EmbeddedBroker.start(data))
          .isInstanceOf(IOException.class)
          .hasMessage(
              data + " is in use by another broker: stop that one, or choose another directory");
      assertThat(broker.bootstrapServers()).startsWith("127.0.0.1:");
    }
  }

  @Test
  void shouldNameSettingThatKeepsBrokerFromStarting() {
    // Given
    Map<String, String> nonsense = Map.of("log.retention.check.interval.ms", "soon");

    // When / Then
    assertThatThrownBy(() -> EmbeddedBroker.start(directory, 0, nonsense))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("the broker in " + directory + " does not start: ")
        .hasMessageContaining("log.retention.check.interval.ms");
  }

  /** Looks schemas up only, as a process of somebody else would. */
  private static Connection anotherClient(DevStack stack) {
    return Connection.fromProperties(
        Map.of(
            "bootstrap.servers",
            stack.bootstrapServers(),
            "schema.registry.url",
            stack.registryUrl()));
  }

  private static void send(Connection connection, ModelHead head) throws Exception {
    try (KafkaProducer<String, ModelHead> producer =
        new KafkaProducer<>(
            connection.producerProperties(),
            new StringSerializer(),
            connection.serde(Topics.SERVING_HEADS).serializer())) {
      String topic = connection.nameOf(Topics.SERVING_HEADS);
      producer.send(new ProducerRecord<>(topic, "acme/router", head)).get();
    }
  }

  private static List<ModelHead> heads(Connection connection, int count) {
    TopicPartition partition = new TopicPartition(connection.nameOf(Topics.SERVING_HEADS), 0);
    List<ModelHead> heads = new ArrayList<>();
    try (KafkaConsumer<String, ModelHead> consumer =
        new KafkaConsumer<>(
            connection.consumerProperties(),
            new StringDeserializer(),
            connection.serde(Topics.SERVING_HEADS).deserializer())) {
      consumer.assign(List.of(partition));
      consumer.seekToBeginning(List.of(partition));
      Instant end = Instant.now().plusSeconds(20);
      while (heads.size() < count && Instant.now().isBefore(end)) {
        for (ConsumerRecord<String, ModelHead> record : consumer.poll(Duration.ofMillis(100))) {
          heads.add(record.value());
        }
      }
    }
    return heads;
  }

  private static ModelHead head(int version) {
    return new ModelHead(
        "acme",
        "router",
        version,
        version - 1,
        "b".repeat(64),
        Instant.ofEpochMilli(1_700_000_000_000L),
        "ops@example.org",
        "published");
  }
}
