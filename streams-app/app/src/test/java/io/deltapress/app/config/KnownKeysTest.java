package io.deltapress.app.config;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.kafka.common.config.ConfigException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KnownKeysTest {
  private final KnownKeys keys =
      KnownKeys.of(TopologyConfig.DEFINITION)
          .and(List.of("bootstrap.servers", "worker.slots"))
          .andShape(TenantTopics.Kind.DELTAS.key())
          .andShape(Pattern.compile("kafka\\..+"));

  @Test
  void shouldAcceptKeysWhenAnyRoleKnowsThem() {
    // Given
    Map<String, String> properties =
        Map.of(
            "window.lane", "1",
            "worker.slots", "2",
            "tenants.acme.topics", "t",
            "kafka.security.protocol", "SSL");

    // When / Then
    assertThatCode(() -> keys.check(properties)).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @CsvSource({
    "windw.delta, window.delta",
    "bootstrap.server, bootstrap.servers",
    "task.deadline, task.deadline.ms",
    "workers.slots, worker.slots"
  })
  void shouldNameTheClosestKeyWhenAKeyIsUnknown(String key, String closest) {
    // When / Then
    assertThatThrownBy(() -> keys.check(Map.of(key, "1")))
        .isInstanceOf(ConfigException.class)
        .hasMessage("Unknown key %s: did you mean %s?", key, closest);
  }
}
