package io.deltapress.app.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.config.ConfigException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TopologyConfigTest {

  @Test
  void shouldUseDefaultsWhenNothingIsSet() {
    // When
    TopologyConfig config = TopologyConfig.of(Map.of("instance.id", "one"));

    // Then
    assertThat(config)
        .isEqualTo(
            new TopologyConfig(
                "deltapress",
                "one",
                Path.of("state"),
                1,
                6,
                (short) 1,
                67_108_864,
                268_435_456,
                new TopologyConfig.Windows(8, 16, 32),
                Duration.ofMinutes(15),
                Duration.ofHours(1),
                Duration.ofMinutes(10),
                null,
                3,
                Duration.ofSeconds(1),
                Duration.ofMillis(50),
                Duration.ofSeconds(10),
                TenantTopics.unrestricted()));
  }

  @Test
  void shouldTakeEveryKeyWhenAllAreSet() {
    // Given
    Map<String, String> properties = new HashMap<>();
    properties.put("application.id", "press");
    properties.put("instance.id", "two");
    properties.put("state.dir", "somewhere/else");
    properties.put("stream.threads", "2");
    properties.put("partitions", "12");
    properties.put("replication.factor", "3");
    properties.put("artifact.inline.max.bytes", "1");
    properties.put("shard.bytes", "2");
    properties.put("window.delta", "3");
    properties.put("window.tenant", "4");
    properties.put("window.lane", "5");
    properties.put("task.deadline.ms", "6");
    properties.put("task.calibrate.deadline.ms", "10");
    properties.put("task.edit.deadline.ms", "11");
    properties.put("edits.default.editor", "ultraedit");
    properties.put("task.attempts", "7");
    properties.put("task.backoff.ms", "8");
    properties.put("commit.interval.ms", "9");
    properties.put("session.timeout.ms", "6000");
    properties.put("tenants.acme.topics", "acme.deltas, acme.more");

    // When
    TopologyConfig config = TopologyConfig.of(properties);

    // Then
    assertThat(config)
        .isEqualTo(
            new TopologyConfig(
                "press",
                "two",
                Path.of("somewhere/else"),
                2,
                12,
                (short) 3,
                1,
                2,
                new TopologyConfig.Windows(3, 4, 5),
                Duration.ofMillis(6),
                Duration.ofMillis(10),
                Duration.ofMillis(11),
                "ultraedit",
                7,
                Duration.ofMillis(8),
                Duration.ofMillis(9),
                Duration.ofSeconds(6),
                TenantTopics.of(Map.of("tenants.acme.topics", "acme.more,acme.deltas"))));
    assertThat(properties)
        .hasSize(TopologyConfig.DEFINITION.names().size() + 1)
        .containsKeys(TopologyConfig.DEFINITION.names().toArray(String[]::new));
  }

  @Test
  void shouldNameTheHostWhenTheInstanceHasNoName() {
    // When
    TopologyConfig config = TopologyConfig.of(Map.of());

    // Then
    assertThat(config.instanceId()).isNotBlank();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "application.id | '' | Invalid value  for configuration application.id: String must be"
            + " non-empty",
        "state.dir | '' | Invalid value  for configuration state.dir: String must be non-empty",
        "stream.threads | 0 | Invalid value 0 for configuration stream.threads: Value must be at"
            + " least 1",
        "partitions | six | Invalid value six for configuration partitions: Not a number of type"
            + " INT",
        "partitions | 1025 | Invalid value 1025 for configuration partitions: Value must be no more"
            + " than 1024",
        "replication.factor | 0 | Invalid value 0 for configuration replication.factor: Value must"
            + " be at least 1",
        "artifact.inline.max.bytes | -1 | Invalid value -1 for configuration"
            + " artifact.inline.max.bytes: Value must be at least 0",
        "shard.bytes | 0 | Invalid value 0 for configuration shard.bytes: Value must be at least 1",
        "window.delta | 0 | Invalid value 0 for configuration window.delta: Value must be at least"
            + " 1",
        "window.tenant | 0 | Invalid value 0 for configuration window.tenant: Value must be at"
            + " least 1",
        "window.lane | 0 | Invalid value 0 for configuration window.lane: Value must be at least 1",
        "task.deadline.ms | 0 | Invalid value 0 for configuration task.deadline.ms: Value must be at"
            + " least 1",
        "task.attempts | 0 | Invalid value 0 for configuration task.attempts: Value must be at least"
            + " 1",
        "task.backoff.ms | -1 | Invalid value -1 for configuration task.backoff.ms: Value must be at"
            + " least 0",
        "commit.interval.ms | 0 | Invalid value 0 for configuration commit.interval.ms: Value must"
            + " be at least 1",
        "session.timeout.ms | 10 | Invalid value 10 for configuration session.timeout.ms: Value must"
            + " be at least 1000",
        "tenants.acme.topics | ', ' | Invalid value , for configuration tenants.acme.topics: at least"
            + " one topic must be listed",
        "tenants.Acme.topics | t | Invalid key tenants.Acme.topics: Acme is not the name of a tenant"
      })
  void shouldNameKeyValueAndRuleWhenASettingIsWrong(String key, String value, String message) {
    // Given
    Map<String, String> properties = Map.of(key, value);

    // When / Then
    assertThatThrownBy(() -> TopologyConfig.of(properties))
        .isInstanceOf(ConfigException.class)
        .satisfies(
            e ->
                assertThat(e.getMessage().replaceAll("\\s+", " "))
                    .isEqualTo(message.replaceAll("\\s+", " ")));
  }
}
