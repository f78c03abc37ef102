package io.deltapress.app.topology;

import static io.deltapress.app.domain.Examples.submission;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deltapress.app.config.TopologyConfig;
import io.deltapress.app.devstack.EmbeddedBroker;
import io.deltapress.app.metrics.MicrometerPipelineMetrics;
import io.deltapress.app.metrics.PipelineMetrics;
import io.deltapress.schemas.DeltaSubmission;
import io.deltapress.schemas.client.Connection;
import io.deltapress.schemas.topic.Topics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a test driver cannot show: the life of the role on a broker. */
class TopologyRoleTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  @TempDir static Path directory;
  private static EmbeddedBroker broker;

  @BeforeAll
  static void startBroker() throws Exception {
    broker = EmbeddedBroker.start(directory.resolve("broker"));
  }

  @AfterAll
  static void stopBroker() throws IOException {
    broker.close();
  }

  private static Connection connection(String prefix) {
    return Connection.fromProperties(
        Map.of(
            "bootstrap.servers",
            broker.bootstrapServers(),
            "schema.registry.url",
            "mock://role",
            "auto.register.schemas",
            "true",
            "topic.prefix",
            prefix));
  }

  private static TopologyConfig config(String name, int partitions) {
    return TopologyConfig.of(
        Map.of(
            "application.id",
            name,
            "instance.id",
            "one",
            "state.dir",
            directory.resolve(name).toString(),
            "partitions",
            Integer.toString(partitions)));
  }

  private static void submit(Connection connection, String id) throws Exception {
    try (KafkaProducer<String, DeltaSubmission> producer =
        new KafkaProducer<>(
            connection.producerProperties(),
            new StringSerializer(),
            connection.serde(DeltaSubmission.class).serializer())) {
      producer
          .send(
              new ProducerRecord<>(
                  connection.nameOf(Topics.DELTAS_SUBMITTED), submission(id, 1).build()))
          .get(30, TimeUnit.SECONDS);
    }
  }

  @Test
  void shouldNameTheCommandWhenTopicsAreMissing() {
    // Given
    try (TopologyRole role = new TopologyRole(config("missing", 1), connection("missing."))) {

      // When / Then
      assertThatThrownBy(role::start)
          .hasMessageMatching(
              "topic missing\\.\\S+ does not exist on \\S+: run `deltapress setup` first");
    }
  }

  @Test
  void shouldNameTheNumberWhenPartitionsDoNotFit() throws Exception {
    // Given
    Connection connection = connection("misfit.");
    OnePartitionTopics.create(connection);
    try (TopologyRole role = new TopologyRole(config("misfit", 6), connection)) {

      // When / Then
      assertThatThrownBy(role::start)
          .hasMessage(
              "topic misfit.work.results has 1 partitions and the configuration says 6: set"
                  + " partitions=1");
    }
  }

  @Test
  void shouldGoOnWhereItStoppedWhenItIsStartedAgain() throws Exception {
    // Given
    Connection connection = connection("again.");
    OnePartitionTopics.create(connection);
    SimpleMeterRegistry before = new SimpleMeterRegistry();
    try (TopologyRole first = started("again", connection, before)) {
      submit(connection, "s-1");
      awaitCount(before, "deltapress.submissions.accepted");
      assertThat(first.isReady()).isTrue();
    }
    SimpleMeterRegistry after = new SimpleMeterRegistry();
    try (TopologyRole second = started("again", connection, after)) {

      // When
      submit(connection, "s-1");
      submit(connection, "s-2");

      // Then
      awaitCount(after, "deltapress.submissions.accepted");
      assertThat(after.counter("deltapress.submissions.accepted").count()).isEqualTo(1);
      assertThat(after.counter("deltapress.submissions.repeated").count()).isEqualTo(1);
      assertThat(second.isReady()).isTrue();
    }
  }

  private static TopologyRole started(
      String name, Connection connection, SimpleMeterRegistry registry) throws Exception {
    TopologyRole role =
        new TopologyRole(config(name, 1), connection, new MicrometerPipelineMetrics(registry));
    role.start();
    role.awaitReady(PATIENCE);
    return role;
  }

  private static void awaitCount(SimpleMeterRegistry registry, String counter) {
    Awaitility.await().atMost(PATIENCE).until(() -> registry.counter(counter).count() > 0);
  }

  @Test
  void shouldEndWithTheFailureWhenAThreadFails() throws Exception {
    // Given
    Connection connection = connection("failing.");
    OnePartitionTopics.create(connection);
    PipelineMetrics broken =
        (PipelineMetrics)
            Proxy.newProxyInstance(
                TopologyRoleTest.class.getClassLoader(),
                new Class<?>[] {PipelineMetrics.class},
                (proxy, method, arguments) -> {
                  throw new IllegalStateException("out of fingers");
                });
    try (TopologyRole role = new TopologyRole(config("failing", 1), connection, broken)) {
      role.start();
      role.awaitReady(PATIENCE);
      CompletableFuture<Throwable> ended = new CompletableFuture<>();
      Thread waiting =
          new Thread(
              () -> {
                try {
                  role.awaitTermination();
                  ended.complete(null);
                } catch (ExecutionException | InterruptedException e) {
                  ended.complete(e);
                }
              });
      waiting.start();

      // When
      submit(connection, "s-1");

      // Then
      assertThat(ended.get(60, TimeUnit.SECONDS))
          .isInstanceOf(ExecutionException.class)
          .hasRootCauseMessage("out of fingers");
      assertThat(role.isReady()).isFalse();
    }
  }
}
