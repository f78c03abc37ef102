package io.deltapress.follower.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.deltapress.schemas.FollowerState;
import io.deltapress.schemas.FollowerStatus;
import io.deltapress.schemas.topic.ModelKey;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class StatusReporterTest {
  private static final ModelKey MODEL = new ModelKey("acme", "router");
  private static final Instant NOW = Instant.parse("2026-11-23T12:00:00.123456Z");
  private static final Serializer<FollowerStatus> NO_BYTES = (topic, status) -> new byte[0];

  private final MockProducer<String, FollowerStatus> producer =
      new MockProducer<>(true, null, new StringSerializer(), NO_BYTES);
  private final StatusReporter reporter =
      new StatusReporter(producer, "status", "host-1", Clock.fixed(NOW, ZoneOffset.UTC));

  @AfterEach
  void close() {
    reporter.close();
  }

  @Test
  void shouldPublishStatusUnderHostAndModel() {
    // When
    reporter.report(MODEL, 1, 2, FollowerState.FAILED, "why");

    // Then
    await().untilAsserted(() -> assertThat(producer.history()).hasSize(1));
    ProducerRecord<String, FollowerStatus> record = producer.history().get(0);
    assertThat(record.topic()).isEqualTo("status");
    assertThat(record.key()).isEqualTo("host-1/acme/router");
    assertThat(record.value())
        .isEqualTo(
            new FollowerStatus(
                "host-1",
                "acme",
                "router",
                1,
                2,
                FollowerState.FAILED,
                "why",
                Instant.parse("2026-11-23T12:00:00.123Z")));
  }

  @Test
  void shouldPublishOnceWhenNothingChanges() {
    // Given
    reporter.report(MODEL, 1, 1, FollowerState.LOADED, null);
    reporter.report(MODEL, 1, 1, FollowerState.LOADED, null);

    // When
    reporter.close();

    // Then
    assertThat(producer.history()).hasSize(1);
  }

  @Test
  void shouldPublishLaterWhenBrokerDoesNotAnswer() {
    // Given
    producer.sendException = new TimeoutException("no broker");
    reporter.report(MODEL, 0, 1, FollowerState.LOADING, null);
    reporter.report(MODEL, 1, 1, FollowerState.LOADED, null);

    // When
    producer.sendException = null;

    // Then
    await()
        .untilAsserted(
            () -> assertThat(states()).isNotEmpty().last().isEqualTo(FollowerState.LOADED));
  }

  private List<FollowerState> states() {
    return producer.history().stream().map(record -> record.value().getState()).toList();
  }
}
