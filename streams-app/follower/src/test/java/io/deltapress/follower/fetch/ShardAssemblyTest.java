package io.deltapress.follower.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deltapress.follower.follow.StopSignal;
import io.deltapress.schemas.InlineChunks;
import io.deltapress.schemas.ShardManifest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ShardAssemblyTest {
  @TempDir Path directory;

  /** A chunk on its way. */
  private record Piece(int index, ByteBuffer data) {}

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
  void shouldGiveShardWhenChunksComeInAnyOrder(long seed) throws IOException {
    // Given
    Random random = new Random(seed);
    byte[] bytes = new byte[1 + random.nextInt(5_000)];
    random.nextBytes(bytes);
    int size = 1 + random.nextInt(bytes.length);
    List<Piece> pieces = cut(bytes, size);
    int count = pieces.size();
    pieces.addAll(cut(bytes, size));
    pieces.add(new Piece(0, ByteBuffer.wrap(new byte[bytes.length + 1])));
    Collections.shuffle(pieces, random);

    // When
    Optional<Path> file = addAll(shard(bytes), count, pieces);

    // Then
    assertThat(file).hasValueSatisfying(found -> assertThat(found).hasBinaryContent(bytes));
    assertThat(files()).hasSize(1);
  }

  @Test
  void shouldGiveShardWhenTwoWorkersCutDifferently() throws IOException {
    // Given
    byte[] bytes = new byte[1_000];
    new Random(1).nextBytes(bytes);
    List<Piece> some = cut(bytes, 105);
    List<Piece> others = cut(bytes, 108);
    List<Piece> pieces = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      if (i != 4) {
        pieces.add(some.get(i));
      }
      pieces.add(others.get(i));
    }

    // When
    Optional<Path> file = addAll(shard(bytes), 10, pieces);

    // Then
    assertThat(file).hasValueSatisfying(found -> assertThat(found).hasBinaryContent(bytes));
  }

  @Test
  void shouldUseLaterCopyWhenEarlierOneIsCorrupt() throws IOException {
    // Given
    byte[] bytes = new byte[1_000];
    new Random(1).nextBytes(bytes);
    List<Piece> pieces = cut(bytes, 300);
    pieces.add(0, new Piece(0, ByteBuffer.allocate(300)));
    Collections.swap(pieces, 1, 4);

    try (ShardAssembly assembly = assembly(shard(bytes), 4)) {
      for (Piece piece : pieces) {
        assertThat(assembly.add(piece.index(), piece.data())).isEmpty();
      }

      // When
      Path file = assembly.finish();

      // Then
      assertThat(file).hasBinaryContent(bytes);
    }
  }

  @Test
  void shouldNameMissingChunkWhenOneNeverComes() throws IOException {
    // Given
    byte[] bytes = new byte[1_000];
    List<Piece> pieces = cut(bytes, 300);
    pieces.remove(2);

    try (ShardAssembly assembly = assembly(shard(bytes), 4)) {
      for (Piece piece : pieces) {
        assertThat(assembly.add(piece.index(), piece.data())).isEmpty();
      }

      // When / Then
      assertThatThrownBy(assembly::finish)
          .isInstanceOf(FetchException.class)
          .hasMessage(
              "Shard 0 is incomplete: chunk 2 of 4 is not in the topic; publish the version again");
    }
    assertThat(files()).isEmpty();
  }

  @Test
  void shouldNameDigestsWhenBytesAreCorrupt() throws IOException {
    // Given
    byte[] bytes = new byte[1_000];
    ShardManifest shard = shard(bytes);
    byte[] wrong = bytes.clone();
    wrong[17] = 1;

    try (ShardAssembly assembly = assembly(shard, 4)) {
      for (Piece piece : cut(wrong, 300)) {
        assertThat(assembly.add(piece.index(), piece.data())).isEmpty();
      }

      // When / Then
      assertThatThrownBy(assembly::finish)
          .isInstanceOf(FetchException.class)
          .hasMessage(
              "Shard 0 is corrupt: its bytes have SHA-256 %s, not %s; publish the version again",
              sha256(wrong), shard.getSha256());
    }
    assertThat(files()).isEmpty();
  }

  private Optional<Path> addAll(ShardManifest shard, int count, List<Piece> pieces)
      throws IOException {
    try (ShardAssembly assembly = assembly(shard, count)) {
      for (Piece piece : pieces) {
        Optional<Path> file = assembly.add(piece.index(), piece.data());
        if (file.isPresent()) {
          return file;
        }
      }
      return Optional.empty();
    }
  }

  private ShardAssembly assembly(ShardManifest shard, int count) {
    return new ShardAssembly(shard, count, new ShardCache(directory), new StopSignal());
  }

  private static List<Piece> cut(byte[] bytes, int size) {
    List<Piece> pieces = new ArrayList<>();
    for (int at = 0; at < bytes.length; at += size) {
      int length = Math.min(size, bytes.length - at);
      pieces.add(new Piece(at / size, ByteBuffer.wrap(bytes, at, length).slice()));
    }
    return pieces;
  }

  private static ShardManifest shard(byte[] bytes) {
    return new ShardManifest(0, sha256(bytes), (long) bytes.length, new InlineChunks(0, 0L, 1));
  }

  private static String sha256(byte[] bytes) {
    return HexFormat.of().formatHex(Sha256.newDigest().digest(bytes));
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.toList();
    }
  }
}
