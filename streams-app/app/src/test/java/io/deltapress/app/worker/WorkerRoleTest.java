package io.deltapress.app.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.deltapress.app.devstack.EmbeddedBroker;
import io.deltapress.schemas.BaseCheck;
import io.deltapress.schemas.BaseChecked;
import io.deltapress.schemas.Chunk;
import io.deltapress.schemas.DeadLetter;
import io.deltapress.schemas.Delivery;
import io.deltapress.schemas.InlineChunks;
import io.deltapress.schemas.ShardManifest;
import io.deltapress.schemas.ShardPruned;
import io.deltapress.schemas.TaskFailed;
import io.deltapress.schemas.WorkResult;
import io.deltapress.schemas.client.Connection;
import io.deltapress.schemas.topic.Topics;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

/** A worker against a real broker. */
class WorkerRoleTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Duration SHORT_LOCK = Duration.ofSeconds(1);

  @TempDir static Path brokerDirectory;
  private static EmbeddedBroker broker;

  @TempDir Path host;
  HandlerFixture fixture;
  BrokerLane lane;

  @BeforeAll
  static void startBroker() throws IOException {
    broker = EmbeddedBroker.start(brokerDirectory);
  }

  @AfterAll
  static void stopBroker() throws IOException {
    broker.close();
  }

  @BeforeEach
  void createLane(TestInfo test) throws Exception {
    fixture = HandlerFixture.in(host);
    lane = BrokerLane.create(broker.bootstrapServers(), test.getTestMethod().get().getName() + ".");
  }

  @AfterEach
  void leaveLane() {
    lane.close();
  }

  @Test
  void shouldPublishShardBeforeItsResultWhenTaskPrunes() throws Exception {
    try (WorkerRole worker = new WorkerRole(config("w-1"), lane.connection)) {
      // Given
      worker.start();

      // When
      lane.issue("prune", fixture.pruneShard(Delivery.INLINE));

      // Then
      WorkResult result = lane.await(Topics.WORK_RESULTS, 1).get(0);
      assertThat(result.getTaskId()).isEqualTo("prune");
      ShardManifest manifest = ((ShardPruned) result.getOutcome()).getManifest();
      assertThat(LaneTopics.sha256(joined(manifest))).isEqualTo(manifest.getSha256());
    }
  }

  @Test
  void shouldSetGroupAndTakeOlderTasksWhenItIsFirstWorker() throws Exception {
    try (WorkerRole worker = new WorkerRole(config("w-1"), lane.connection)) {
      // Given
      lane.issue("older", new BaseCheck(fixture.baseDigest, "llama"));

      // When
      worker.start();

      // Then
      assertThat(lane.await(Topics.WORK_RESULTS, 1))
          .extracting(WorkResult::getTaskId)
          .containsExactly("older");
      assertThat(lane.groupSetting("share.isolation.level")).isEqualTo("read_committed");
      assertThat(lane.groupSetting("share.auto.offset.reset")).isEqualTo("earliest");
      assertThat(lane.groupSetting("share.delivery.count.limit")).isEqualTo("5");
    }
  }

  @Test
  void shouldGoOnWhenRecordIsPoison() throws Exception {
    try (WorkerRole worker = new WorkerRole(config("w-1"), lane.connection)) {
      // Given
      lane.write("poison", BrokerLane.poison());
      lane.issue("after", new BaseCheck(fixture.baseDigest, "llama"));

      // When
      worker.start();

      // Then
      assertThat(lane.await(Topics.WORK_RESULTS, 1))
          .extracting(WorkResult::getTaskId)
          .containsExactly("after");
      DeadLetter letter = lane.await(Topics.DEAD_LETTERS, 1).get(0);
      assertThat(letter.getInputOffset()).isZero();
      assertThat(letter.getReasonCode()).isEqualTo("UNDECODABLE_RECORD");
    }
  }

  @Test
  void shouldAnswerQuarantinedWhenEarlierDeliveriesCameBack() throws Exception {
    // Given
    lane.ensureGroup();
    lane.issue("cursed", new BaseCheck(fixture.baseDigest, "llama"));
    AtomicInteger failures = new AtomicInteger();
    Closing twice = new Closing();
    run(
        "failing",
        taskRecord -> {
          if (failures.incrementAndGet() == 4) {
            twice.request(PATIENCE);
          }
          throw new IOException("This worker cannot answer");
        },
        twice);

    try (WorkerRole worker = new WorkerRole(config("w-1"), lane.connection)) {
      // When
      worker.start();

      // Then
      WorkResult result = lane.await(Topics.WORK_RESULTS, 1).get(0);
      assertThat(failures).hasValue(4);
      assertThat(result.getOutcome())
          .isInstanceOfSatisfying(
              TaskFailed.class,
              failed -> assertThat(failed.getReasonCode()).isEqualTo("TASK_QUARANTINED"));
    }
  }

  @Test
  void shouldKeepTaskToItselfWhenItOutlastsLock() throws Exception {
    // Given
    lane.ensureGroup();
    lane.lockFor(SHORT_LOCK);
    lane.issue("long", new BaseCheck(fixture.baseDigest, "llama"));
    AtomicInteger deliveries = new AtomicInteger();
    CountDownLatch started = new CountDownLatch(1);
    CountDownLatch finish = new CountDownLatch(1);
    Closing closing = new Closing();
    RecordProcessor longWork =
        taskRecord -> {
          deliveries.incrementAndGet();
          started.countDown();
          finish.await();
          return Settlement.ACCEPTED;
        };
    Thread first = start("first", longWork, closing);
    started.await();
    Thread rival = start("rival", longWork, closing);

    // When
    await().pollDelay(SHORT_LOCK.multipliedBy(3)).atMost(PATIENCE).until(() -> true);
    finish.countDown();

    // Then
    closing.request(PATIENCE);
    first.join(PATIENCE.toMillis());
    rival.join(PATIENCE.toMillis());
    assertThat(deliveries).hasValue(1);
  }

  @Test
  void shouldHandTaskToAnotherWorkerWhenClosedInTheMiddle() throws Exception {
    // Given
    lane.ensureGroup();
    lane.issue("handed-over", new BaseCheck(fixture.baseDigest, "llama"));
    CountDownLatch started = new CountDownLatch(1);
    Closing closing = new Closing();
    Thread leaving =
        start(
            "leaving",
            taskRecord -> {
              started.countDown();
              new CountDownLatch(1).await();
              return Settlement.ACCEPTED;
            },
            closing);
    started.await();

    try (WorkerRole worker = new WorkerRole(config("w-2"), lane.connection)) {
      // When
      worker.start();
      closing.request(Duration.ZERO);

      // Then
      leaving.join(PATIENCE.toMillis());
      WorkResult result = lane.await(Topics.WORK_RESULTS, 1).get(0);
      assertThat(result.getWorker()).isEqualTo("w-2");
      assertThat(result.getOutcome()).isInstanceOf(BaseChecked.class);
    }
  }

  @Test
  void shouldEndWhenClosed() throws Exception {
    // Given
    WorkerRole worker = new WorkerRole(config("w-1"), lane.connection);
    worker.start();

    // When
    worker.close();

    // Then
    worker.awaitTermination();
    ScratchDirectory.open(host.resolve("scratch-w-1")).close();
  }

  @Test
  void shouldRefuseToStartWhenStoreDirectoryIsNone() {
    // Given
    WorkerConfig config =
        config("w-1", Optional.of(fixture.basePath().resolve("model.safetensors")));
    WorkerRole worker = new WorkerRole(config, lane.connection);

    // When / Then
    assertThatThrownBy(worker::start)
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("Store directory ")
        .hasMessageEndingWith("create it or set store.directory");
    worker.close();
  }

  @Test
  void shouldRefuseToStartWhenSchemasAreNotRegistered() {
    // Given
    Connection unprepared =
        new Connection(broker.bootstrapServers(), "mock://empty", "unprepared.", Map.of());
    WorkerRole worker = new WorkerRole(config("w-1"), unprepared);

    // When / Then
    assertThatThrownBy(worker::start)
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("Worker cannot join its lane: ")
        .hasMessageContaining("unprepared.work.results");
    worker.close();
  }

  @Test
  void shouldNameSettingsWhenGroupDoesNotTakeThem() throws Exception {
    try (Admin admin = Admin.create(lane.connection.commonProperties())) {
      // Given
      LaneGroup group = new LaneGroup("g", Map.of("share.isolation.level", "read_nothing"));

      // When / Then
      assertThatThrownBy(() -> group.ensure(admin))
          .isInstanceOf(IOException.class)
          .hasMessage(
              "Share group g needs share.isolation.level=read_nothing and does not let this worker"
                  + " set them (InvalidConfigurationException);"
                  + " have an administrator set them");
    }
  }

  private void run(String name, RecordProcessor processor, Closing closing)
      throws InterruptedException {
    start(name, processor, closing).join(PATIENCE.toMillis());
  }

  private Thread start(String name, RecordProcessor processor, Closing closing) {
    ShareSlot slot =
        new ShareSlot(
            lane.member(name),
            lane.lane(),
            processor,
            Executors.newSingleThreadExecutor(),
            () -> {},
            closing);
    Thread thread = new Thread(slot, name);
    thread.start();
    return thread;
  }

  private WorkerConfig config(String workerId) {
    return config(workerId, Optional.empty());
  }

  private WorkerConfig config(String workerId, Optional<Path> store) {
    return new WorkerConfig(
        workerId,
        1,
        host.resolve("scratch-" + workerId),
        store,
        fixture.sources,
        4096,
        Set.of(Lane.COMPRESS),
        1,
        1,
        "cpu",
        1L << 30,
        Duration.ofSeconds(5));
  }

  private byte[] joined(ShardManifest manifest) {
    InlineChunks location = (InlineChunks) manifest.getLocation();
    List<ConsumerRecord<String, byte[]>> records =
        lane.awaitRecords(Topics.SERVING_CHUNKS, location.getFirstOffset(), location.getChunks());
    ByteArrayOutputStream joined = new ByteArrayOutputStream();
    for (ConsumerRecord<String, byte[]> written : records) {
      assertThat(written.partition()).isEqualTo(location.getPartition());
      Chunk chunk =
          lane.connection
              .serde(Topics.SERVING_CHUNKS)
              .deserializer()
              .deserialize(written.topic(), written.value());
      byte[] data = new byte[chunk.getData().remaining()];
      chunk.getData().get(data);
      joined.writeBytes(data);
    }
    return joined.toByteArray();
  }
}
