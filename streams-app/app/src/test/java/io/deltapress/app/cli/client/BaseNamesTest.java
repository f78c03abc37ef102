package io.deltapress.app.cli.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.deltapress.schemas.BaseRegistration;
import io.deltapress.schemas.BaseStatus;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class BaseNamesTest {

  @Test
  void shouldPassOverRefusedBasesWhenTheyShareAName() {
    // Given
    BaseNames names =
        BaseNames.of(
            List.of(base("llama", "a", BaseStatus.REFUSED), base("llama", "b", BaseStatus.USABLE)));

    // When
    String digest = names.digestOf("llama");

    // Then
    assertThat(digest).isEqualTo("b".repeat(64));
  }

  @Test
  void shouldAskForADigestWhenANameMeansSeveralBases() {
    // Given
    BaseNames names =
        BaseNames.of(
            List.of(
                base("llama", "b", BaseStatus.REGISTERED), base("llama", "a", BaseStatus.USABLE)));

    // When
    var thrown =
        assertThatExceptionOfType(PipelineException.class)
            .isThrownBy(() -> names.digestOf("llama"));

    // Then
    thrown.withMessage(
        "2 bases are registered under the name llama; give the digest of one: %s, %s"
            .formatted("a".repeat(64), "b".repeat(64)));
  }

  @Test
  void shouldSayHowToRegisterOneWhenThereIsNone() {
    // Given
    BaseNames names = BaseNames.of(List.of());

    // When
    var thrown =
        assertThatExceptionOfType(PipelineException.class)
            .isThrownBy(() -> names.digestOf("llama"));

    // Then
    thrown.withMessage(
        "no base is registered under the name llama; there is none yet: deltapress base register"
            + " announces one");
  }

  private static BaseRegistration base(String name, String digit, BaseStatus status) {
    return BaseRegistration.newBuilder()
        .setWeightsDigest(digit.repeat(64))
        .setName(name)
        .setLocation("/weights")
        .setStatus(status)
        .setTensorCount(1)
        .setParameterCount(1)
        .setTotalBytes(2)
        .setRegisteredBy("me")
        .setRegisteredAt(Instant.EPOCH)
        .build();
  }
}
