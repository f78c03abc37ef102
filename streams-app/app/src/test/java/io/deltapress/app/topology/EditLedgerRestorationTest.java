package io.deltapress.app.topology;

import static io.deltapress.app.domain.EditExamples.edit;
import static io.deltapress.app.domain.EditExamples.editPolicy;
import static io.deltapress.app.domain.EditExamples.policyWith;
import static io.deltapress.app.domain.EditExamples.revert;
import static io.deltapress.app.domain.Examples.BASE_DIGEST;
import static io.deltapress.app.domain.Examples.NOON;
import static io.deltapress.app.domain.Examples.submission;
import static org.assertj.core.api.Assertions.assertThat;

import io.deltapress.app.config.TopologyConfig;
import io.deltapress.app.devstack.EmbeddedBroker;
import io.deltapress.app.metrics.MicrometerPipelineMetrics;
import io.deltapress.schemas.BaseRegistration;
import io.deltapress.schemas.BaseStatus;
import io.deltapress.schemas.EditEntry;
import io.deltapress.schemas.ModelVersion;
import io.deltapress.schemas.Rejection;
import io.deltapress.schemas.WorkTask;
import io.deltapress.schemas.client.Connection;
import io.deltapress.schemas.topic.Topics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The ledger of edits on a broker: what is left when the disks of the topology are not. */
class EditLedgerRestorationTest {
  private static final String KEY = "acme/router";
  @TempDir Path directory;
  private EmbeddedBroker broker;
  private Connection connection;

  @BeforeEach
  void startBroker() throws Exception {
    broker = EmbeddedBroker.start(directory.resolve("broker"));
    connection =
        Connection.fromProperties(
            Map.of(
                "bootstrap.servers", broker.bootstrapServers(),
                "schema.registry.url", "mock://restoration",
                "auto.register.schemas", "true"));
    OnePartitionTopics.create(connection);
  }

  @AfterEach
  void stopBroker() throws IOException {
    broker.close();
  }

  private TopologyRole started(SimpleMeterRegistry meters) throws Exception {
    TopologyConfig config =
        TopologyConfig.of(
            Map.of(
                "instance.id", "one",
                "state.dir", directory.resolve("state").toString(),
                "partitions", "1"));
    TopologyRole role = new TopologyRole(config, connection, new MicrometerPipelineMetrics(meters));
    role.start();
    role.awaitReady(Duration.ofSeconds(60));
    return role;
  }

  private static void awaitVersions(PlainWorker worker, SimpleMeterRegistry meters, int count)
      throws Exception {
    worker.workUntil(() -> meters.counter("deltapress.versions.published").count() >= count);
  }

  private void loseStateDirectory() throws IOException {
    try (Stream<Path> files = Files.walk(directory.resolve("state"))) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  private static BaseRegistration base() {
    return BaseRegistration.newBuilder()
        .setWeightsDigest(BASE_DIGEST)
        .setName("world-base")
        .setLocation("world/base")
        .setStatus(BaseStatus.REGISTERED)
        .setTensorCount(0)
        .setParameterCount(0)
        .setTotalBytes(0)
        .setRegisteredBy("ada")
        .setRegisteredAt(NOON)
        .build();
  }

  @Test
  void shouldGoOnFromKafkaAloneWhenEveryDiskOfTheTopologyIsLost() throws Exception {
    try (PlainWorker worker = new PlainWorker(connection)) {
      // Given
      SimpleMeterRegistry before = new SimpleMeterRegistry();
      WorkTask inFlight;
      try (TopologyRole first = started(before)) {
        worker.send(Topics.POLICIES, "acme", policyWith(editPolicy()));
        worker.send(Topics.BASES, BASE_DIGEST, base());
        worker.send(Topics.DELTAS_SUBMITTED, KEY, submission("d-1", 1).build());
        awaitVersions(worker, before, 1);
        worker.send(Topics.EDITS_REQUESTED, KEY, edit("e-1").build());
        awaitVersions(worker, before, 2);
        worker.send(Topics.EDITS_REQUESTED, KEY, edit("e-2").build());
        inFlight = worker.take().get(0);
        assertThat(first.isReady()).isTrue();
      }
      loseStateDirectory();

      // When
      SimpleMeterRegistry after = new SimpleMeterRegistry();
      try (TopologyRole second = started(after)) {
        worker.answer(inFlight);
        awaitVersions(worker, after, 1);
        worker.send(Topics.EDITS_REQUESTED, KEY, edit("e-1").build());
        worker.send(Topics.VERSIONS_CONTROL, KEY, revert("c-1", "e-1").build());
        awaitVersions(worker, after, 2);
        assertThat(second.isReady()).isTrue();
      }

      // Then
      List<ModelVersion> versions = worker.all(Topics.SERVING_VERSIONS);
      assertThat(versions).extracting(ModelVersion::getVersion).containsExactly(1, 2, 3, 4);
      assertThat(versions)
          .extracting(version -> version.getEdits().stream().map(EditEntry::getEditId).toList())
          .containsExactly(List.of(), List.of("e-1"), List.of("e-1", "e-2"), List.of("e-2"));
      assertThat(worker.all(Topics.REJECTIONS)).extracting(Rejection::getMessage).isEmpty();
    }
  }
}
