package io.deltapress.app.worker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.deltapress.schemas.BaseCheck;
import io.deltapress.schemas.BaseChecked;
import io.deltapress.schemas.DeadLetter;
import io.deltapress.schemas.Delivery;
import io.deltapress.schemas.ReasonCode;
import io.deltapress.schemas.TaskFailed;
import io.deltapress.schemas.TaskRefused;
import io.deltapress.schemas.WorkResult;
import io.deltapress.schemas.WorkTask;
import io.deltapress.schemas.client.Connection;
import io.deltapress.schemas.serde.SchemaRegistration;
import io.deltapress.schemas.topic.Topic;
import io.deltapress.schemas.topic.Topics;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RoundRobinPartitioner;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LaneProcessorTest {
  private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");
  private static final int LAST_DELIVERY = 3;

  private final Connection connection =
      new Connection(
          "nowhere:9092",
          "mock://lane-processor",
          "t.",
          SchemaRegistration.REGISTER,
          Map.of(),
          Map.of());
  private final List<String> metered = new ArrayList<>();

  @TempDir Path host;
  HandlerFixture fixture;
  ScratchDirectory scratch;

  @BeforeEach
  void layOutHost() throws IOException {
    fixture = HandlerFixture.in(host);
    scratch = ScratchDirectory.open(host.resolve("scratch"));
  }

  @AfterEach
  void letGo() throws IOException {
    scratch.close();
  }

  @Test
  void shouldAnswerUnderReturnKeyWhenTaskIsDone() throws Exception {
    // Given
    MockProducer<String, byte[]> producer = producer(true);
    WorkTask task = task(new BaseCheck(fixture.baseDigest, "llama"));

    // When
    Settlement settlement = processor(producer).process(recordOf(encode(task), 1));

    // Then
    assertThat(settlement).isEqualTo(Settlement.ACCEPTED);
    ProducerRecord<String, byte[]> answer = producer.history().get(0);
    assertThat(answer.topic()).isEqualTo("t.work.results");
    assertThat(answer.key()).isEqualTo("return-key");
    WorkResult result = decode(Topics.WORK_RESULTS, answer);
    assertThat(result)
        .extracting(
            WorkResult::getTaskId,
            WorkResult::getAttempt,
            WorkResult::getWorker,
            WorkResult::getSubmissionId,
            WorkResult::getTenant,
            WorkResult::getModel,
            WorkResult::getFinishedAt)
        .containsExactly("task-1", 2, "w-1", "submission-1", "acme", "router", NOW);
    assertThat(result.getOutcome()).isInstanceOf(BaseChecked.class);
    assertThat(metered).containsExactly("BaseCheck BaseChecked");
  }

  @Test
  void shouldAcceptRefusalWhenRequestIsAtFault() throws Exception {
    // Given
    MockProducer<String, byte[]> producer = producer(true);
    WorkTask task = task(new BaseCheck(fixture.baseDigest, "../etc"));

    // When
    Settlement settlement = processor(producer).process(recordOf(encode(task), 1));

    // Then
    assertThat(settlement).isEqualTo(Settlement.ACCEPTED);
    assertThat(onlyResult(producer).getOutcome())
        .isEqualTo(
            new TaskRefused(
                "LOCATION_NOT_ALLOWED", "Location \"../etc\" is refused: it contains .."));
  }

  @Test
  void shouldAcceptFailureWhenWorkerIsAtFault() throws Exception {
    // Given
    MockProducer<String, byte[]> producer = producer(true);
    WorkTask task = task(fixture.pruneShard(Delivery.STORED));

    // When
    Settlement settlement = processor(producer).process(recordOf(encode(task), 1));

    // Then
    assertThat(settlement).isEqualTo(Settlement.ACCEPTED);
    assertThat(onlyResult(producer).getOutcome())
        .isInstanceOfSatisfying(
            TaskFailed.class,
            failed -> assertThat(failed.getReasonCode()).isEqualTo("STORE_UNAVAILABLE"));
  }

  @Test
  void shouldAcceptFailureWhenWorkIsOfALaterRelease() throws Exception {
    // Given
    MockProducer<String, byte[]> producer = producer(true);

    // When
    Settlement settlement = processor(producer).process(recordOf(encode(task(null)), 1));

    // Then
    assertThat(settlement).isEqualTo(Settlement.ACCEPTED);
    assertThat(onlyResult(producer).getOutcome()).isInstanceOf(TaskFailed.class);
    assertThat(metered).containsExactly("Unknown TaskFailed");
  }

  @Test
  void shouldAnswerWithoutRunningWhenDeliveryIsTheLast() throws Exception {
    // Given
    MockProducer<String, byte[]> producer = producer(true);
    WorkTask task = task(new BaseCheck(fixture.baseDigest, "llama"));

    // When
    Settlement settlement = processor(producer).process(recordOf(encode(task), LAST_DELIVERY));

    // Then
    assertThat(settlement).isEqualTo(Settlement.REJECTED);
    assertThat(onlyResult(producer).getOutcome())
        .isInstanceOfSatisfying(
            TaskFailed.class,
            failed ->
                assertThat(failed.getReasonCode()).isEqualTo(ReasonCode.TASK_QUARANTINED.name()));
    assertThat(metered).containsExactly("BaseCheck TaskFailed", "rejected TASK_QUARANTINED");
  }

  @Test
  void shouldBuryRecordWithoutItsPayloadWhenItIsNoTask() throws Exception {
    // Given
    MockProducer<String, byte[]> producer = producer(true);
    byte[] poison = "personal data".getBytes(UTF_8);

    // When
    Settlement settlement = processor(producer).process(recordOf(poison, 1));

    // Then
    assertThat(settlement).isEqualTo(Settlement.REJECTED);
    ProducerRecord<String, byte[]> buried = producer.history().get(0);
    assertThat(buried.topic()).isEqualTo("t.dead-letters");
    assertThat(buried.key()).isEqualTo("task-1");
    DeadLetter letter = decode(Topics.DEAD_LETTERS, buried);
    assertThat(letter)
        .extracting(
            DeadLetter::getInputTopic,
            DeadLetter::getInputPartition,
            DeadLetter::getInputOffset,
            DeadLetter::getReasonCode,
            DeadLetter::getRecordSha256,
            DeadLetter::getAttempts,
            DeadLetter::getDeadLetteredAt)
        .containsExactly(
            "t.work.compress", 0, 5L, "UNDECODABLE_RECORD", LaneTopics.sha256(poison), 1, NOW);
    assertThat(new String(buried.value(), UTF_8)).doesNotContain("personal");
    assertThat(metered).containsExactly("rejected UNDECODABLE_RECORD");
  }

  @Test
  void shouldBuryRecordWhenItIsTombstone() throws Exception {
    // Given
    MockProducer<String, byte[]> producer = producer(true);

    // When
    Settlement settlement = processor(producer).process(recordOf(null, 1));

    // Then
    assertThat(settlement).isEqualTo(Settlement.REJECTED);
    DeadLetter letter = decode(Topics.DEAD_LETTERS, producer.history().get(0));
    assertThat(letter.getRecordSha256()).isNull();
  }

  @Test
  void shouldBuryRecordWhenItClaimsTextLargerThanMemory() throws Exception {
    // Given
    MockProducer<String, byte[]> producer = producer(true);
    byte[] encoded = encode(task(new BaseCheck(fixture.baseDigest, "llama")));
    byte[] bomb = Arrays.copyOf(encoded, 11);
    Arrays.fill(bomb, 5, 9, (byte) 0xff); // a text of 2^31 - 100 bytes or so
    bomb[9] = 0x0e;

    // When
    Settlement settlement = processor(producer).process(recordOf(bomb, 1));

    // Then
    assertThat(settlement).isEqualTo(Settlement.REJECTED);
  }

  @Test
  void shouldWriteAnswerAgainWhenBrokersAreAway() throws Exception {
    // Given
    MockProducer<String, byte[]> producer = producer(false);
    WorkTask task = task(new BaseCheck(fixture.baseDigest, "llama"));
    CompletableFuture<Void> broker =
        CompletableFuture.runAsync(
            () -> {
              await().until(() -> producer.errorNext(new TimeoutException("nobody there")));
              await().until(producer::completeNext);
            });

    // When
    Settlement settlement = processor(producer).process(recordOf(encode(task), 1));

    // Then
    assertThat(settlement).isEqualTo(Settlement.ACCEPTED);
    assertThat(producer.history()).hasSize(2);
    assertThat(broker).succeedsWithin(Duration.ofSeconds(10));
  }

  @Test
  void shouldNotSettleWhenBrokersRefuseAnswer() {
    // Given
    MockProducer<String, byte[]> producer = producer(false);
    WorkTask task = task(new BaseCheck(fixture.baseDigest, "llama"));
    CompletableFuture<Void> broker =
        CompletableFuture.runAsync(
            () ->
                await().until(() -> producer.errorNext(new RecordTooLargeException("too large"))));

    // When / Then
    assertThatThrownBy(() -> processor(producer).process(recordOf(encode(task), 1)))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("Record return-key was not written to t.work.results: ")
        .hasMessageContaining("too large");
    assertThat(broker).succeedsWithin(Duration.ofSeconds(10));
  }

  private LaneProcessor processor(MockProducer<String, byte[]> producer) {
    LaneTopics topics =
        new LaneTopics(
            "t.work.results",
            "t.dead-letters",
            connection.serde(Topics.WORK_COMPRESS).deserializer(),
            connection.serde(Topics.WORK_RESULTS).serializer(),
            connection.serde(Topics.DEAD_LETTERS).serializer());
    ChunkPublisher chunks =
        new ChunkPublisher(
            producer,
            connection.serde(Topics.SERVING_CHUNKS).serializer(),
            "t.serving.chunks",
            WorkerConfig.MOST_CHUNK_BYTES);
    WorkerMetrics metrics = new ListedMetrics(metered);
    CompressHandlers handlers =
        new CompressHandlers(
            new BaseCheckHandler(new TrustedBase(fixture.digests)),
            new SurveyHandler(),
            new PruneShardHandler(
                new TrustedBase(fixture.digests),
                fixture.digests,
                scratch,
                new ShardDelivery(chunks, Optional.empty()),
                metrics));
    return new LaneProcessor(
        topics,
        new DurableWriter(producer),
        new TaskRunner(fixture.sources, handlers),
        metrics,
        "w-1",
        LAST_DELIVERY,
        Clock.fixed(NOW, ZoneOffset.UTC));
  }

  private static WorkTask task(Object work) {
    return WorkTask.newBuilder()
        .setTaskId("task-1")
        .setAttempt(2)
        .setSubmissionId("submission-1")
        .setTenant("acme")
        .setModel("router")
        .setReturnKey("return-key")
        .setIssuedAt(NOW)
        .setDeadline(NOW.plusSeconds(900))
        .setWork(work)
        .build();
  }

  private byte[] encode(WorkTask task) {
    return connection.serde(Topics.WORK_COMPRESS).serializer().serialize("t.work.compress", task);
  }

  private <V extends SpecificRecord> V decode(
      Topic<V> topic, ProducerRecord<String, byte[]> written) {
    return connection.serde(topic).deserializer().deserialize(written.topic(), written.value());
  }

  private WorkResult onlyResult(MockProducer<String, byte[]> producer) {
    assertThat(producer.history()).hasSize(1);
    return decode(Topics.WORK_RESULTS, producer.history().get(0));
  }

  private static ConsumerRecord<byte[], byte[]> recordOf(byte @Nullable [] value, int delivery) {
    return new ConsumerRecord<>(
        "t.work.compress",
        0,
        5L,
        0L,
        TimestampType.CREATE_TIME,
        0,
        0,
        "task-1".getBytes(UTF_8),
        value,
        new RecordHeaders(),
        Optional.empty(),
        Optional.of((short) delivery));
  }

  private static MockProducer<String, byte[]> producer(boolean autoComplete) {
    return new MockProducer<>(
        autoComplete,
        new RoundRobinPartitioner(),
        new StringSerializer(),
        new ByteArraySerializer());
  }

  private record ListedMetrics(List<String> metered) implements WorkerMetrics {
    @Override
    public void answered(String work, String outcome, Duration took) {
      metered.add(work + " " + outcome);
    }

    @Override
    public void delivered(long bytes) {
      metered.add("delivered " + bytes);
    }

    @Override
    public void rejected(String reasonCode) {
      metered.add("rejected " + reasonCode);
    }
  }
}
