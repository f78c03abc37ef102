package io.deltapress.follower.fetch;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deltapress.schemas.InlineChunks;
import io.deltapress.schemas.ShardManifest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ShardsTest {
  private static final String SHA = "0".repeat(64);

  @Test
  void shouldAcceptManifestWhenChunksAddUp() {
    // Given
    InlineChunks inline = new InlineChunks(3, 17L, 2);
    ShardManifest shard = new ShardManifest(0, SHA, 1_400_000L, inline);

    // When / Then
    assertThatCode(() -> Shards.requirePossible(shard, inline)).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @CsvSource({
    "1400001, 2, 0, 0, 2 chunks of at most 700000 bytes do not make 1400001 bytes",
    "9223372036854775807, 1000000, 0, 0, 1000000 chunks of at most 700000 bytes do not make"
        + " 9223372036854775807 bytes",
    "10, 11, 0, 0, it has 11 chunks",
    "10, 0, 0, 0, it has 0 chunks",
    "10, -1, 0, 0, it has -1 chunks",
    "9000000000, 2147483647, 0, 0, it has 2147483647 chunks",
    "10, 1, -1, 0, its partition or offset is negative",
    "10, 1, 0, -1, its partition or offset is negative"
  })
  void shouldRefuseManifestWhenChunksCannotBe(
      long length, int chunks, int partition, long offset, String rule) {
    // Given
    InlineChunks inline = new InlineChunks(partition, offset, chunks);
    ShardManifest shard = new ShardManifest(4, SHA, length, inline);

    // When / Then
    assertThatThrownBy(() -> Shards.requirePossible(shard, inline))
        .isInstanceOf(FetchException.class)
        .hasMessage("Shard 4 has an impossible manifest: %s; publish the version again", rule);
  }

  @ParameterizedTest
  @CsvSource({
    "../../etc/passwd, 10, its SHA-256 is not 64 lower-case hex digits",
    "'', 10, its SHA-256 is not 64 lower-case hex digits",
    "0000000000000000000000000000000000000000000000000000000000000000, 0, its length is 0 bytes",
    "0000000000000000000000000000000000000000000000000000000000000000, -5, its length is -5 bytes"
  })
  void shouldRefuseManifestWhenDigestOrLengthCannotBe(String sha256, long length, String rule) {
    // Given
    ShardManifest shard = new ShardManifest(4, sha256, length, new InlineChunks(0, 0L, 1));

    // When / Then
    assertThatThrownBy(() -> Shards.requirePossible(shard))
        .isInstanceOf(FetchException.class)
        .hasMessage("Shard 4 has an impossible manifest: %s; publish the version again", rule);
  }
}
