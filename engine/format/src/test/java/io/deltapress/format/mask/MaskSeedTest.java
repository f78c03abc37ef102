package io.deltapress.format.mask;

import static org.assertj.core.api.Assertions.assertThat;

import io.deltapress.format.tensor.WeightsDigest;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import org.junit.jupiter.api.Test;

class MaskSeedTest {
  private static final WeightsDigest BASE = new WeightsDigest("0a".repeat(32));
  private static final WeightsDigest TUNED = new WeightsDigest("1b".repeat(32));

  @Test
  void shouldDeriveSeedByHandWhenDigestsAreGiven() throws Exception {
    // Given
    String text = "dp-seed-1\0größe\0" + "0a".repeat(32) + "\0" + "1b".repeat(32);
    byte[] sha256 =
        MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    // When
    long seed = MaskSeed.derive("größe", BASE, TUNED);
    // Then
    assertThat(seed).isEqualTo(ByteBuffer.wrap(sha256).order(ByteOrder.LITTLE_ENDIAN).getLong());
  }

  @Test
  void shouldDeriveAnotherSeedWhenTenantOrDeltaDiffers() {
    // When
    long seed = MaskSeed.derive("acme", BASE, TUNED);
    // Then
    assertThat(MaskSeed.derive("acme", BASE, TUNED)).isEqualTo(seed);
    assertThat(MaskSeed.derive("acmf", BASE, TUNED)).isNotEqualTo(seed);
    assertThat(MaskSeed.derive("acme", BASE, BASE)).isNotEqualTo(seed);
    assertThat(MaskSeed.derive("acme", TUNED, TUNED)).isNotEqualTo(seed);
  }
}
