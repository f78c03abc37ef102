package io.deltapress.app.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileSystemObjectStoreTest extends ObjectStoreContract {
  @TempDir Path root;

  @Override
  ObjectStore store() throws IOException {
    return FileSystemObjectStore.open(root);
  }

  @Override
  void rot(ObjectKey key) throws IOException {
    Path file = root.resolve(key.value());
    byte[] bytes = Files.readAllBytes(file);
    bytes[0] ^= 1;
    Files.write(file, bytes);
  }

  @Test
  void shouldLeaveNoTemporaryFileWhenPutIsRefused() throws IOException {
    // Given
    ObjectStore store = store();
    ObjectKey key = keyOf(fileOf("promised"));
    Path delivered = fileOf("delivered");

    // When
    assertThatThrownBy(() -> store.put(key, delivered)).isInstanceOf(ObjectCorruptException.class);

    // Then
    assertThat(regularFiles()).isEmpty();
  }

  @Test
  void shouldKeepExactlyOneFileWhenPutTwice() throws IOException {
    // Given
    ObjectStore store = store();

    // When
    put(store, "twelve bytes");
    ObjectKey key = put(store, "twelve bytes");

    // Then
    assertThat(regularFiles()).containsExactly(root.toRealPath().resolve(key.value()));
  }

  @Test
  void shouldNotFollowLinkWhenObjectWasReplacedByOne() throws IOException {
    // Given
    ObjectStore store = store();
    ObjectKey key = put(store, "twelve bytes");
    Path secret = fileOf("host secret");
    Files.delete(root.resolve(key.value()));
    Files.createSymbolicLink(root.resolve(key.value()), secret);

    // When
    Callable<String> read = () -> read(store, key, ByteRange.whole());

    // Then
    assertThat(store.exists(key)).isFalse();
    assertThatThrownBy(read::call).isInstanceOf(StorageException.class);
  }

  @Test
  void shouldNameDirectoryWhenItCannotBeUsed() throws IOException {
    // Given
    Path occupied = fileOf("a file where a directory should be");

    // When
    Callable<ObjectStore> open = () -> FileSystemObjectStore.open(occupied);

    // Then
    assertThatThrownBy(open::call)
        .isInstanceOf(StoreUnavailableException.class)
        .hasMessage(
            "Store directory %s cannot be used (FileAlreadyExistsException);"
                + " create it or set store.directory",
            occupied);
  }

  private List<Path> regularFiles() throws IOException {
    try (Stream<Path> all = Files.walk(root.toRealPath())) {
      return all.filter(Files::isRegularFile).toList();
    }
  }
}
