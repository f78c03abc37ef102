package io.deltapress.follower.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deltapress.follower.follow.StopSignal;
import io.deltapress.schemas.ShardManifest;
import io.deltapress.schemas.StoredObject;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VerifiedCopyTest {
  private static final byte[] SHARD = "eight by".getBytes(StandardCharsets.UTF_8);

  @TempDir Path directory;

  @Test
  void shouldCopyWhenBytesAreThoseOfShard() throws IOException {
    // Given
    Path file = directory.resolve("shard");

    // When
    VerifiedCopy.copy(new ByteArrayInputStream(SHARD), shard(), file, new StopSignal());

    // Then
    assertThat(file).hasBinaryContent(SHARD);
  }

  @ParameterizedTest
  @CsvSource({
    "eight b, there are 7 of the 8 bytes of its manifest",
    "eight bytes, there are more than the 8 bytes of its manifest"
  })
  void shouldRefuseBytesWhenLengthIsWrong(String bytes, String rule) {
    // Given
    ByteArrayInputStream stored = new ByteArrayInputStream(bytes.getBytes(StandardCharsets.UTF_8));

    // When / Then
    assertThatThrownBy(
            () -> VerifiedCopy.copy(stored, shard(), directory.resolve("shard"), new StopSignal()))
        .isInstanceOf(FetchException.class)
        .hasMessage("Shard 2 is corrupt: %s; publish the version again", rule);
  }

  @Test
  void shouldRefuseBytesWhenDigestIsWrong() {
    // Given
    byte[] bytes = "eight bz".getBytes(StandardCharsets.UTF_8);

    // When / Then
    assertThatThrownBy(
            () ->
                VerifiedCopy.copy(
                    new ByteArrayInputStream(bytes),
                    shard(),
                    directory.resolve("shard"),
                    new StopSignal()))
        .isInstanceOf(FetchException.class)
        .hasMessage(
            "Shard 2 is corrupt: its bytes have SHA-256 %s, not %s; publish the version again",
            sha256(bytes), sha256(SHARD));
  }

  @Test
  void shouldGiveUpWhenFollowerIsClosing() {
    // Given
    StopSignal stop = new StopSignal();
    stop.stop();

    // When / Then
    assertThatThrownBy(
            () ->
                VerifiedCopy.copy(
                    new ByteArrayInputStream(SHARD), shard(), directory.resolve("shard"), stop))
        .isInstanceOf(CancellationException.class);
  }

  private static ShardManifest shard() {
    return new ShardManifest(
        2, sha256(SHARD), (long) SHARD.length, new StoredObject("file", "key"));
  }

  private static String sha256(byte[] bytes) {
    return HexFormat.of().formatHex(Sha256.newDigest().digest(bytes));
  }
}
