package io.deltapress.app.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deltapress.app.config.TenantTopics.Kind;
import java.util.Map;
import org.apache.kafka.common.config.ConfigException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TenantTopicsTest {
  private static final Map<String, String> OF_ALL_KINDS =
      Map.of(
          "tenants.acme.topics", "acme.deltas",
          "tenants.acme.edit-topics", "acme.edits",
          "tenants.acme.control-topics", "acme.control");

  @ParameterizedTest
  @CsvSource({
    "acme, acme.deltas, true",
    "acme, deltapress.deltas.submitted, false",
    "bolt, acme.deltas, true",
    "bolt, deltapress.deltas.submitted, true"
  })
  void shouldRestrictATenantWhenTopicsAreListedForIt(String tenant, String topic, boolean allowed) {
    // Given
    TenantTopics topics = TenantTopics.of(Map.of("tenants.acme.topics", "acme.deltas"));

    // When
    boolean answer = topics.allows(tenant, topic);

    // Then
    assertThat(answer).isEqualTo(allowed);
  }

  @ParameterizedTest
  @CsvSource({
    "acme, acme.deltas, true",
    "acme, acme.edits, true",
    "acme, acme.control, true",
    "acme, deltapress.edits.requested, false",
    "bolt, deltapress.edits.requested, true"
  })
  void shouldRestrictATenantForEveryKindOfRequestWhenTopicsOfAnyAreListed(
      String tenant, String topic, boolean allowed) {
    // Given
    TenantTopics topics = TenantTopics.of(OF_ALL_KINDS);

    // When
    boolean answer = topics.allows(tenant, topic);

    // Then
    assertThat(answer).isEqualTo(allowed);
  }

  @Test
  void shouldListTheTopicsOfEachKind() {
    // When
    TenantTopics topics = TenantTopics.of(OF_ALL_KINDS);

    // Then
    assertThat(topics.listed(Kind.DELTAS)).containsExactly("acme.deltas");
    assertThat(topics.listed(Kind.EDITS)).containsExactly("acme.edits");
    assertThat(topics.listed(Kind.CONTROLS)).containsExactly("acme.control");
    assertThat(topics.listed()).containsExactly("acme.control", "acme.deltas", "acme.edits");
  }

  @Test
  void shouldRefuseATopicThatIsListedForTwoKinds() {
    // Given
    Map<String, String> both =
        Map.of("tenants.acme.topics", "mixed", "tenants.bolt.edit-topics", "mixed");

    // When / Then
    assertThatThrownBy(() -> TenantTopics.of(both))
        .isInstanceOf(ConfigException.class)
        .hasMessage(
            "Invalid value mixed for configuration tenants.bolt.edit-topics: the topic is listed for"
                + " requests of another kind already");
  }
}
