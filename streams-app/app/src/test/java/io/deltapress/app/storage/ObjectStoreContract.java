package io.deltapress.app.storage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What every {@link ObjectStore} does; one subclass per implementation runs it. */
abstract class ObjectStoreContract {
  @TempDir Path files;

  /** A fresh, empty store. */
  abstract ObjectStore store() throws IOException;

  /** Changes one byte of a stored object behind the back of the store. */
  abstract void rot(ObjectKey key) throws IOException;

  @Test
  void shouldReturnWholeObjectWhenPut() throws IOException {
    // Given
    ObjectStore store = store();
    Path file = fileOf("twelve bytes");
    ObjectKey key = keyOf(file);

    // When
    store.put(key, file);

    // Then
    assertThat(read(store, key, ByteRange.whole())).isEqualTo("twelve bytes");
    assertThat(store.exists(key)).isTrue();
    assertThat(file).hasContent("twelve bytes");
  }

  @Test
  void shouldReturnEmptyObjectWhenFileIsEmpty() throws IOException {
    // Given
    ObjectStore store = store();
    Path file = fileOf("");
    ObjectKey key = keyOf(file);

    // When
    store.put(key, file);

    // Then
    assertThat(key)
        .hasToString("sha256/e3/e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    assertThat(read(store, key, ByteRange.whole())).isEmpty();
  }

  @Test
  void shouldReturnSliceWhenRangeLiesInside() throws IOException {
    // Given
    ObjectStore store = store();
    ObjectKey key = put(store, "twelve bytes");

    // When
    String slice = read(store, key, new ByteRange(7, 3));

    // Then
    assertThat(slice).isEqualTo("byt");
  }

  @Test
  void shouldEndAtObjectWhenRangeReachesPastIt() throws IOException {
    // Given
    ObjectStore store = store();
    ObjectKey key = put(store, "twelve bytes");

    // When
    String slice = read(store, key, new ByteRange(7, 100));

    // Then
    assertThat(slice).isEqualTo("bytes");
  }

  @Test
  void shouldRefuseRangeWhenItStartsBehindObject() throws IOException {
    // Given
    ObjectStore store = store();
    ObjectKey key = put(store, "twelve bytes");

    // When
    Callable<InputStream> open = () -> store.open(key, new ByteRange(13, 1));

    // Then
    assertThatThrownBy(open::call)
        .isInstanceOf(InvalidRangeException.class)
        .hasMessage(
            "Object %s of store %s has 12 bytes; the range [13+1] starts behind them",
            key, store.name());
  }

  @Test
  void shouldSayNotFoundWhenObjectIsMissing() throws IOException {
    // Given
    ObjectStore store = store();
    ObjectKey key = keyOf(fileOf("never put"));

    // When
    Callable<InputStream> open = () -> store.open(key, ByteRange.whole());

    // Then
    assertThat(store.exists(key)).isFalse();
    assertThatThrownBy(open::call)
        .isInstanceOf(ObjectNotFoundException.class)
        .hasMessage("Store %s has no object %s; was it swept or never written?", store.name(), key);
  }

  @Test
  void shouldChangeNothingWhenPutAgain() throws IOException {
    // Given
    ObjectStore store = store();
    ObjectKey key = put(store, "twelve bytes");

    // When
    put(store, "twelve bytes");

    // Then
    assertThat(read(store, key, ByteRange.whole())).isEqualTo("twelve bytes");
  }

  @Test
  void shouldRepairObjectWhenPutAgainAfterItRotted() throws IOException {
    // Given
    ObjectStore store = store();
    ObjectKey key = put(store, "twelve bytes");
    rot(key);

    // When
    put(store, "twelve bytes");

    // Then
    assertThat(read(store, key, ByteRange.whole())).isEqualTo("twelve bytes");
  }

  @Test
  void shouldKeepNothingWhenFileHasAnotherDigest() throws IOException {
    // Given
    ObjectStore store = store();
    ObjectKey key = keyOf(fileOf("twelve bytes"));
    Path other = fileOf("other bytes!");

    // When
    Callable<Void> put =
        () -> {
          store.put(key, other);
          return null;
        };

    // Then
    assertThatThrownBy(put::call)
        .isInstanceOf(ObjectCorruptException.class)
        .hasMessage(
            "File %s does not have the digest of %s: its bytes have SHA-256 %s;"
                + " publish the object again",
            other.getFileName(), key, keyOf(other).sha256());
    assertThat(store.exists(key)).isFalse();
  }

  @Test
  void shouldTellRotWhenObjectIsReadVerified() throws IOException {
    // Given
    ObjectStore store = store();
    ObjectKey key = put(store, "twelve bytes");
    rot(key);

    // When
    Callable<byte[]> readAll =
        () -> {
          try (InputStream stream = VerifiedStream.open(store, key)) {
            return stream.readAllBytes();
          }
        };

    // Then
    assertThatThrownBy(readAll::call)
        .isInstanceOf(ObjectCorruptException.class)
        .hasMessageStartingWith(
            "Object in store %s does not have the digest of %s".formatted(store.name(), key));
  }

  @Test
  void shouldReadSkippedBytesTooWhenObjectIsReadVerified() throws IOException {
    // Given
    ObjectStore store = store();
    ObjectKey key = put(store, "twelve bytes");

    // When
    String tail;
    try (InputStream stream = VerifiedStream.open(store, key)) {
      stream.skipNBytes(7);
      tail = new String(stream.readAllBytes(), UTF_8);
    }

    // Then
    assertThat(tail).isEqualTo("bytes");
  }

  @Test
  void shouldForgetObjectWhenDeleted() throws IOException {
    // Given
    ObjectStore store = store();
    ObjectKey key = put(store, "twelve bytes");

    // When
    store.delete(key);

    // Then
    assertThat(store.exists(key)).isFalse();
    assertThatCode(() -> store.delete(key)).doesNotThrowAnyException();
  }

  @Test
  void shouldShowOnlyWholeObjectsWhenManyWritersPutAtOnce()
      throws IOException, InterruptedException, ExecutionException {
    // Given
    ObjectStore store = store();
    String content = "0123456789abcdef".repeat(20_000);
    Path file = fileOf(content);
    ObjectKey key = keyOf(file);
    ExecutorService writers = Executors.newFixedThreadPool(4);

    // When
    List<Future<String>> reads =
        writers.invokeAll(
            IntStream.range(0, 16)
                .<Callable<String>>mapToObj(
                    i ->
                        () -> {
                          store.put(key, file);
                          return read(store, key, ByteRange.whole());
                        })
                .toList());
    writers.shutdown();

    // Then
    for (Future<String> read : reads) {
      assertThat(read.get()).isEqualTo(content);
    }
  }

  final ObjectKey put(ObjectStore store, String content) throws IOException {
    Path file = fileOf(content);
    ObjectKey key = keyOf(file);
    store.put(key, file);
    return key;
  }

  final Path fileOf(String content) throws IOException {
    return Files.writeString(Files.createTempFile(files, "object", ".bin"), content);
  }

  static ObjectKey keyOf(Path file) throws IOException {
    byte[] digest = Sha256.newDigest().digest(Files.readAllBytes(file));
    return ObjectKey.ofSha256(HexFormat.of().formatHex(digest));
  }

  static String read(ObjectStore store, ObjectKey key, ByteRange range) throws IOException {
    try (InputStream stream = store.open(key, range)) {
      return new String(stream.readAllBytes(), UTF_8);
    }
  }
}
