package io.deltapress.app.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TenantTopicsTest {

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
}
