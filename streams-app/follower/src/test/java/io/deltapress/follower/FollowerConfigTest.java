package io.deltapress.follower;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deltapress.follower.follow.Backoff;
import io.deltapress.follower.materialise.EditForm;
import io.deltapress.schemas.topic.ModelKey;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.common.config.ConfigException;
import org.junit.jupiter.api.Test;

class FollowerConfigTest {

  @Test
  void shouldHaveDefaultsWhenOnlyBasesAreConfigured() {
    // When
    FollowerConfig config = FollowerConfig.of(Map.of("bases.roots", "/bases,/more"));

    // Then
    assertThat(config.host()).isNotBlank();
    assertThat(config.directory()).isEqualTo(Path.of("serving"));
    assertThat(config.models().contains(new ModelKey("any", "model"))).isTrue();
    assertThat(config.basesRoots()).containsExactly(Path.of("/bases"), Path.of("/more"));
    assertThat(config.storeDirectory()).isEmpty();
    assertThat(config.keepVersions()).isEqualTo(2);
    assertThat(config.edits()).isEqualTo(EditForm.PEFT_LORA);
    assertThat(config.retries())
        .isEqualTo(new Backoff(Duration.ofSeconds(1), Duration.ofMinutes(5)));
  }

  @Test
  void shouldNameKeyWhenBasesAreNotConfigured() {
    // When / Then
    assertThatThrownBy(() -> FollowerConfig.of(Map.of()))
        .isInstanceOf(ConfigException.class)
        .hasMessage("Missing required configuration \"bases.roots\" which has no default value.");
  }

  @Test
  void shouldRefuseModelsWhenPatternIsNone() {
    // Given
    Map<String, String> settings = Map.of("bases.roots", "/bases", "follower.models", "acme");

    // When / Then
    assertThatThrownBy(() -> FollowerConfig.of(settings))
        .isInstanceOf(ConfigException.class)
        .hasMessage(
            "Invalid value acme for configuration follower.models: 'acme' is none of *, tenant/*"
                + " and tenant/model");
  }

  @Test
  void shouldRefuseAFormOfEditsThatThereIsNot() {
    // Given
    Map<String, String> settings = Map.of("bases.roots", "/bases", "follower.edits", "lora");

    // When / Then
    assertThatThrownBy(() -> FollowerConfig.of(settings))
        .isInstanceOf(ConfigException.class)
        .hasMessage(
            "Invalid value lora for configuration follower.edits: String must be one of: peft-lora,"
                + " overwrite-patch, checkpoint");
  }

  @Test
  void shouldRefuseHostWhenItCannotBeInKey() {
    // Given
    Map<String, String> settings = Map.of("bases.roots", "/bases", "follower.host", "a/b");

    // When / Then
    assertThatThrownBy(() -> FollowerConfig.of(settings))
        .isInstanceOf(ConfigException.class)
        .hasMessage(
            "Invalid value a/b for configuration follower.host: a host has 1 to 253 letters,"
                + " digits, dots, dashes or underscores");
  }
}
