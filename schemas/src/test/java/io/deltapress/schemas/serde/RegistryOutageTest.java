package io.deltapress.schemas.serde;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.confluent.kafka.schemaregistry.ParsedSchema;
import io.confluent.kafka.schemaregistry.client.MockSchemaRegistryClient;
import io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException;
import io.deltapress.schemas.Examples;
import io.deltapress.schemas.ModelHead;
import java.io.IOException;
import java.net.ConnectException;
import java.time.Duration;
import org.apache.kafka.common.errors.RetriableException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RegistryOutageTest {
  private static final String TOPIC = "deltapress.serving.heads";
  private static final RetryPolicy IMPATIENT =
      new RetryPolicy(Duration.ofMillis(1), Duration.ofMillis(4), Duration.ofMillis(200));
  private static final RetryPolicy HASTY =
      new RetryPolicy(Duration.ofMillis(1), Duration.ofMillis(4), Duration.ofMillis(20));

  private final FailingRegistry registry = new FailingRegistry();

  @ParameterizedTest
  @ValueSource(ints = {-1, 500, 502, 503, 429})
  void shouldReadRecordWhenRegistryComesBack(int status) {
    // Given
    byte[] bytes = serde(IMPATIENT).serializer().serialize(TOPIC, Examples.modelHead());
    registry.failWith(status, 5);

    // When
    ModelHead head = serde(IMPATIENT).deserializer().deserialize(TOPIC, bytes);

    // Then
    assertThat(head).isEqualTo(Examples.modelHead());
    assertThat(registry.questions).isEqualTo(6);
  }

  @Test
  void shouldWriteRecordWhenRegistryComesBack() {
    // Given
    registry.failWith(-1, 3);

    // When
    byte[] bytes = serde(IMPATIENT).serializer().serialize(TOPIC, Examples.modelHead());

    // Then
    assertThat(bytes).startsWith(0, 0, 0, 0, 1);
  }

  @Test
  void shouldAskAgainAfterGivingUp() {
    // Given
    byte[] bytes = serde(HASTY).serializer().serialize(TOPIC, Examples.modelHead());
    AvroSerde<ModelHead> serde = serde(HASTY);
    registry.failWith(-1, Integer.MAX_VALUE);
    Throwable outage = catchThrowable(() -> serde.deserializer().deserialize(TOPIC, bytes));
    registry.failWith(-1, 0);

    // When
    ModelHead head = serde.deserializer().deserialize(TOPIC, bytes);

    // Then
    assertThat(outage).isInstanceOf(RegistryUnavailableException.class);
    assertThat(outage).isInstanceOf(RetriableException.class);
    assertThat(outage.getMessage())
        .matches(
            "The schema registry could not give out schema 1 in \\d+ attempts"
                + " \\(java.net.ConnectException: refused\\):"
                + " check that it runs and is reachable\\.");
    assertThat(head).isEqualTo(Examples.modelHead());
  }

  @ParameterizedTest
  @CsvSource({"404,0", "404,50005", "401,401", "403,40301", "400,400"})
  void shouldNotCondemnRecordForAnswersThatSayNothingAboutIt(int status, int code) {
    // Given
    byte[] bytes = serde(HASTY).serializer().serialize(TOPIC, Examples.modelHead());
    registry.failWith(status, code, Integer.MAX_VALUE);

    // When / Then
    assertThatThrownBy(() -> serde(HASTY).deserializer().deserialize(TOPIC, bytes))
        .isInstanceOf(RegistryUnavailableException.class);
  }

  @Test
  void shouldCondemnRecordAtOnceWhenRegistryHasNoSuchSchema() {
    // Given
    byte[] bytes = {0, 0, 0, 0, 9, 0};
    registry.failWith(404, 40403, Integer.MAX_VALUE);

    // When / Then
    assertThatThrownBy(() -> serde(IMPATIENT).deserializer().deserialize(TOPIC, bytes))
        .isInstanceOf(UndecodableRecordException.class);
    assertThat(registry.questions).isEqualTo(1);
  }

  @Test
  void shouldSayWhatRegistryRefuses() {
    // Given
    registry.failWith(409, 409, Integer.MAX_VALUE);

    // When / Then
    assertThatThrownBy(() -> serde(IMPATIENT).serializer().serialize(TOPIC, Examples.modelHead()))
        .isInstanceOf(UnregisteredSchemaException.class)
        .hasMessage(
            "The schema registry refuses the schema of io.deltapress.schemas.ModelHead under"
                + " deltapress.serving.heads-value: status 409; error code: 409");
    assertThat(registry.questions).isEqualTo(1);
  }

  @Test
  void shouldStopWaitingWhenInterrupted() {
    // Given
    RetryPolicy stubborn =
        new RetryPolicy(Duration.ofHours(1), Duration.ofHours(1), Duration.ofHours(9));
    registry.failWith(-1, Integer.MAX_VALUE);
    Thread.currentThread().interrupt();

    // When
    Throwable thrown =
        catchThrowable(() -> serde(stubborn).serializer().serialize(TOPIC, Examples.modelHead()));

    // Then
    assertThat(Thread.interrupted()).isTrue();
    assertThat(thrown).isInstanceOf(RegistryUnavailableException.class);
  }

  @Test
  void shouldPauseLongerAndLongerUpToALimit() {
    // Given
    RetryPolicy policy = RetryPolicy.standard();

    // When / Then
    assertThat(policy.pauseAfter(1)).isEqualTo(Duration.ofMillis(100));
    assertThat(policy.pauseAfter(2)).isEqualTo(Duration.ofMillis(200));
    assertThat(policy.pauseAfter(5)).isEqualTo(Duration.ofMillis(1600));
    assertThat(policy.pauseAfter(6)).isEqualTo(Duration.ofSeconds(2));
    assertThat(policy.pauseAfter(1_000_000)).isEqualTo(Duration.ofSeconds(2));
  }

  private AvroSerde<ModelHead> serde(RetryPolicy policy) {
    return new AvroSerde<>(
        ModelHead.class, new RegisteredSchemas(registry, policy), SchemaRegistration.REGISTER);
  }

  /** A registry that fails as often as told, then answers. */
  private static final class FailingRegistry extends MockSchemaRegistryClient {
    private int status;
    private int code;
    private int failures;
    private int questions;

    void failWith(int failingStatus, int count) {
      failWith(failingStatus, failingStatus, count);
    }

    void failWith(int failingStatus, int errorCode, int count) {
      status = failingStatus;
      code = errorCode;
      failures = count;
      questions = 0;
    }

    @Override
    public ParsedSchema getSchemaById(int id) throws IOException, RestClientException {
      fail();
      return super.getSchemaById(id);
    }

    @Override
    public int register(String subject, ParsedSchema schema)
        throws IOException, RestClientException {
      fail();
      return super.register(subject, schema);
    }

    private void fail() throws IOException, RestClientException {
      questions++;
      if (failures-- <= 0) {
        return;
      }
      if (status < 0) {
        throw new ConnectException("refused");
      }
      throw new RestClientException("status " + status, status, code);
    }
  }
}
