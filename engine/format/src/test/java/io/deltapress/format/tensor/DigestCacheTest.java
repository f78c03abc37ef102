package io.deltapress.format.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deltapress.format.BadInputException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DigestCacheTest {
  /** Far enough from now that every file counts as settled. */
  private static final Clock LATER = Clock.offset(Clock.systemUTC(), Duration.ofHours(1));

  @TempDir private Path directory;
  private Path file;
  private Path cacheDirectory;
  private DigestCache cache;

  @BeforeEach
  void writeFile() throws IOException {
    file = directory.resolve("m.safetensors");
    cacheDirectory = directory.resolve("cache");
    cache = new DigestCache(cacheDirectory, LATER);
    write(file, List.of(info("a", 5), info("b", 1_100_000)), Long.MAX_VALUE, 1);
  }

  private static TensorInfo info(String name, long bytes) {
    return new TensorInfo(name, DType.U8, Shape.of(bytes));
  }

  private static void write(Path path, List<TensorInfo> tensors, long maxShardBytes, int value)
      throws IOException {
    try (CheckpointWriter writer =
        CheckpointWriter.create(path, tensors, Map.of(), maxShardBytes)) {
      for (TensorInfo info : writer.order()) {
        byte[] bytes = new byte[(int) info.byteLength()];
        Arrays.fill(bytes, (byte) value);
        writer.write(info.name(), ByteBuffer.wrap(bytes));
      }
      writer.commit();
    }
  }

  private WeightsDigest digest() throws IOException {
    try (Checkpoint checkpoint = Checkpoints.open(file)) {
      return cache.weightsDigest(checkpoint, bytes -> {});
    }
  }

  /** The only entry of the cache. */
  private Path entry() throws IOException {
    try (Stream<Path> entries = Files.list(cacheDirectory.resolve("digests"))) {
      return entries.findFirst().orElseThrow();
    }
  }

  /** Makes any use of the entry visible: another digest that still fits the entry's own check. */
  private void forgeEntry() throws IOException {
    String json = Files.readString(entry());
    Files.writeString(
        entry(),
        json.replaceAll("\"weightsDigest\":\"\\w+\"", "\"weightsDigest\":\"" + forged() + "\"")
            .replaceAll("\"([ab])\":\"\\w+\"", "\"$1\":\"" + "0".repeat(64) + "\""));
  }

  private static WeightsDigest forged() {
    return WeightsDigest.of(
        List.of(
            new TensorDigest(info("a", 5), "0".repeat(64)),
            new TensorDigest(info("b", 1_100_000), "0".repeat(64))));
  }

  @Test
  void shouldDigestEachTensor() throws IOException {
    // When
    Map<String, TensorDigest> digests;
    try (Checkpoint checkpoint = Checkpoints.open(file)) {
      digests = cache.digests(checkpoint, bytes -> {});
    }

    // Then
    assertThat(digests.keySet()).containsExactly("a", "b");
    assertThat(digests.get("a").sha256())
        .isEqualTo("377a23f52c6b357696238c3318f677a082dd3430bb6691042bd550a5cda28ebb");
    assertThat(digests.get("b").info()).isEqualTo(info("b", 1_100_000));
  }

  @Test
  void shouldReportAllBytesWhetherReadOrRemembered() throws IOException {
    // Given
    AtomicLong read = new AtomicLong();
    AtomicLong remembered = new AtomicLong();

    // When
    try (Checkpoint checkpoint = Checkpoints.open(file)) {
      cache.digests(checkpoint, read::addAndGet);
      cache.digests(checkpoint, remembered::addAndGet);
    }

    // Then
    assertThat(read).hasValue(1_100_005);
    assertThat(remembered).hasValue(1_100_005);
  }

  @Test
  void shouldNotReadAgainWhenTheFileIsTheSame() throws IOException {
    // Given
    digest();
    forgeEntry();

    // When
    WeightsDigest second = digest();

    // Then
    assertThat(second).isEqualTo(forged());
  }

  @Test
  void shouldReadAgainWhenTheFileWasWrittenAgain() throws IOException {
    // Given
    WeightsDigest first = digest();
    write(file, List.of(info("a", 5), info("b", 1_100_000)), Long.MAX_VALUE, 2);

    // When
    WeightsDigest second = digest();

    // Then
    assertThat(second).isNotEqualTo(first);
  }

  @Test
  void shouldReadAgainWhenTheTimeOfModificationWasSetBack() throws IOException {
    // Given a change in place that hides behind the old time
    WeightsDigest first = digest();
    forgeEntry();
    var modified = Files.getLastModifiedTime(file);
    byte[] bytes = Files.readAllBytes(file);
    Files.write(file, bytes);
    Files.setLastModifiedTime(file, modified);

    // When
    WeightsDigest second = digest();

    // Then
    assertThat(second).isEqualTo(first);
  }

  @Test
  void shouldNotRememberWhenTheFileIsFresh() throws IOException {
    // Given
    cache = new DigestCache(cacheDirectory);

    // When
    digest();

    // Then
    assertThat(cacheDirectory).doesNotExist();
  }

  @Test
  void shouldReadAgainWhenTheEntryIsDamagedAnywhere() throws IOException {
    // Given
    WeightsDigest expected = digest();
    byte[] entry = Files.readAllBytes(entry());

    for (int i = 0; i < entry.length; i += 3) {
      byte[] damaged = entry.clone();
      damaged[i] ^= 2;
      Files.write(entry(), damaged);

      // When
      WeightsDigest digest = digest();

      // Then
      assertThat(digest).as("bit flipped in byte %d", i).isEqualTo(expected);
    }
  }

  @Test
  void shouldReadAgainWhenTheEntryIsCutOff() throws IOException {
    // Given
    WeightsDigest expected = digest();
    byte[] entry = Files.readAllBytes(entry());
    Files.write(entry(), Arrays.copyOf(entry, entry.length / 2));

    // When
    WeightsDigest digest = digest();

    // Then
    assertThat(digest).isEqualTo(expected);
    assertThat(entry()).hasBinaryContent(entry);
  }

  @Test
  void shouldWorkWhenTheCacheCannotBeWritten() throws IOException {
    // Given a file where the directory should be
    WeightsDigest expected = digest();
    cache = new DigestCache(file, LATER);

    // When
    WeightsDigest digest = digest();

    // Then
    assertThat(digest).isEqualTo(expected);
  }

  @Test
  void shouldGiveSameDigestWhenShardedOtherwise() throws IOException {
    // Given
    WeightsDigest single = digest();
    file = directory.resolve("sharded");
    write(file, List.of(info("b", 1_100_000), info("a", 5)), 1, 1);

    // When
    WeightsDigest sharded = digest();

    // Then
    assertThat(sharded).isEqualTo(single);
  }

  @Test
  void shouldDigestCheckpointsThatAreNotOnDisk() throws IOException {
    // Given
    WeightsDigest expected = digest();
    try (Checkpoint checkpoint = new ForwardingCheckpoint(Checkpoints.open(file))) {

      // When
      WeightsDigest digest = cache.weightsDigest(checkpoint, bytes -> {});

      // Then
      assertThat(digest).isEqualTo(expected);
    }
  }

  @Test
  void shouldRefuseFileThatChangedSinceItWasOpened() throws IOException {
    // Given
    try (Checkpoint checkpoint = Checkpoints.open(file)) {
      checkpoint.data("a").slice(0, 1);
      write(file, List.of(info("a", 5), info("b", 1_100_000)), Long.MAX_VALUE, 2);

      // When, Then
      assertThatThrownBy(() -> cache.digests(checkpoint, bytes -> {}))
          .isInstanceOf(BadInputException.class)
          .hasMessage(file + ": changed since it was opened; run again when nothing writes to it");
    }
    assertThat(cacheDirectory).doesNotExist();
  }

  @Test
  void shouldAgreeWhenManyUseTheSameDirectoryAtOnce() throws Exception {
    // Given
    WeightsDigest expected = digest();
    Files.delete(entry());
    ExecutorService threads = Executors.newFixedThreadPool(8);

    // When
    List<Future<WeightsDigest>> digests =
        IntStream.range(0, 40).mapToObj(i -> threads.submit(this::digest)).toList();

    // Then
    for (Future<WeightsDigest> digest : digests) {
      assertThat(digest.get()).isEqualTo(expected);
    }
    threads.shutdown();
    assertThat(cacheDirectory.resolve("digests").toFile().list()).hasSize(1);
  }

  @Test
  void shouldKeepEntryReadableByPeople() throws IOException {
    // Given
    digest();

    // When
    String json = new String(Files.readAllBytes(entry()), StandardCharsets.UTF_8);

    // Then
    assertThat(json)
        .startsWith("{\"version\":1,\"stamp\":\"" + file.toRealPath() + " size=")
        .contains("\"tensors\":{");
  }

  /** What a checkpoint looks like that does not come from {@link Checkpoints}. */
  private record ForwardingCheckpoint(Checkpoint checkpoint) implements Checkpoint {
    @Override
    public Path path() {
      return checkpoint.path();
    }

    @Override
    public List<Path> files() {
      return checkpoint.files();
    }

    @Override
    public SortedMap<String, TensorInfo> tensors() {
      return checkpoint.tensors();
    }

    @Override
    public Map<String, String> metadata() {
      return checkpoint.metadata();
    }

    @Override
    public TensorData data(String name) throws IOException {
      return checkpoint.data(name);
    }

    @Override
    public void close() {
      checkpoint.close();
    }
  }
}
