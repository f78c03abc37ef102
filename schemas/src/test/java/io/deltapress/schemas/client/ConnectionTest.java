package io.deltapress.schemas.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deltapress.schemas.Examples;
import io.deltapress.schemas.serde.AvroSerde;
import io.deltapress.schemas.serde.SchemaRegistration;
import io.deltapress.schemas.topic.Topics;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConnectionTest {
  private final Map<String, Object> settings =
      new HashMap<>(
          Map.of(
              "bootstrap.servers", "localhost:9092", "schema.registry.url", "mock://connection"));

  @Test
  void shouldTakeDefaultsForWhatIsNotSet() {
    // When
    Connection connection = Connection.fromProperties(settings);

    // Then
    assertThat(connection.bootstrapServers()).isEqualTo("localhost:9092");
    assertThat(connection.registryUrl()).isEqualTo("mock://connection");
    assertThat(connection.nameOf(Topics.BASES)).isEqualTo("deltapress.bases");
    assertThat(connection.registration()).isEqualTo(SchemaRegistration.LOOK_UP);
    assertThat(connection.clientProperties()).isEmpty();
  }

  @Test
  void shouldPassKafkaSettingsToEveryClient() {
    // Given
    settings.put("kafka.security.protocol", "SASL_SSL");
    settings.put("kafka.linger.ms", "7");
    settings.put("stream.threads", "3");

    // When
    Connection connection = Connection.fromProperties(settings);

    // Then
    assertThat(connection.clientProperties())
        .isEqualTo(Map.of("security.protocol", "SASL_SSL", "linger.ms", "7"));
    assertThat(connection.producerProperties())
        .containsEntry("bootstrap.servers", "localhost:9092")
        .containsEntry("security.protocol", "SASL_SSL")
        .containsEntry("linger.ms", "7")
        .containsEntry("acks", "all");
    assertThat(connection.consumerProperties())
        .containsEntry("isolation.level", "read_committed")
        .containsEntry("security.protocol", "SASL_SSL");
    assertThat(connection.commonProperties())
        .isEqualTo(
            Map.of(
                "bootstrap.servers",
                "localhost:9092",
                "security.protocol",
                "SASL_SSL",
                "linger.ms",
                "7"));
  }

  @Test
  void shouldShareOneRegistryAmongSerdes() {
    // Given
    settings.put("auto.register.schemas", "true");
    Connection connection = Connection.fromProperties(settings);
    AvroSerde<?> reading = Connection.fromProperties(settings).serde(Topics.SERVING_HEADS);

    // When
    byte[] bytes =
        connection.serde(Topics.SERVING_HEADS).serializer().serialize("t", Examples.modelHead());

    // Then
    assertThat(reading.deserializer().deserialize("t", bytes)).isEqualTo(Examples.modelHead());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "bootstrap.servers|''|The setting bootstrap.servers is missing: set it, for example to host:9092.",
        "schema.registry.url|' '|The setting schema.registry.url is missing: set it, for example to http://host:8081.",
        "topic.prefix|a b|The setting topic.prefix is 'a b': use at most 200 of A-Z a-z 0-9 . _ -",
        "auto.register.schemas|yes|The setting auto.register.schemas is 'yes': use true or false."
      })
  void shouldSayWhatToDoWhenSettingMakesNoSense(String key, String value, String message) {
    // Given
    settings.put(key, value);

    // When / Then
    assertThatThrownBy(() -> Connection.fromProperties(settings))
        .isInstanceOf(InvalidConnectionException.class)
        .hasMessage(message);
  }

  @Test
  void shouldKnowItsSettings() {
    // When / Then
    assertThat(ConnectionKeys.isKnown("kafka.sasl.mechanism")).isTrue();
    assertThat(ConnectionKeys.isKnown("schema.registry.basic.auth.user.info")).isTrue();
    assertThat(ConnectionKeys.isKnown("topic.prefix")).isTrue();
    assertThat(ConnectionKeys.isKnown("topic.prefixes")).isFalse();
  }
}
