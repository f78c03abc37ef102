package io.deltapress.follower.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StoredObjectsTest {
  private static final String SHA =
      "ab12c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
  private static final String KEY = "sha256/ab/" + SHA;

  @TempDir Path root;

  @Test
  void shouldOpenObjectWhenKeyIsItsContentAddress() throws IOException {
    // Given
    Path file = root.resolve(KEY);
    Files.createDirectories(file.getParent());
    Files.write(file, new byte[] {1, 2, 3});

    // When
    byte[] bytes;
    try (InputStream object = new StoredObjects(root).open("file", KEY)) {
      bytes = object.readAllBytes();
    }

    // Then
    assertThat(bytes).containsExactly(1, 2, 3);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/",
        "sha256/ab/../../secret",
        "../sha256/ab/" + SHA,
        "sha256/cd/" + SHA,
        "/sha256/ab/" + SHA,
        "sha256//ab/" + SHA,
        "sha256/AB/AB12c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
      })
  void shouldRefuseKeyWhenItIsNoContentAddress(String key) {
    // Given
    StoredObjects objects = new StoredObjects(root);

    // When / Then
    assertThatThrownBy(() -> objects.open("file", key))
        .isInstanceOf(FetchException.class)
        .hasMessage(
            "Object key '%s' is refused: it must look like sha256/ab/ab<62 more hex digits>", key);
  }

  @Test
  void shouldSayWhereItLookedWhenObjectIsMissing() {
    // Given
    StoredObjects objects = new StoredObjects(root);

    // When / Then
    assertThatThrownBy(() -> objects.open("file", KEY))
        .isInstanceOf(FetchException.class)
        .hasMessage(
            "Object %s is not in store directory %s; check that store.directory is the one of the"
                + " workers",
            KEY, root);
  }

  @Test
  void shouldRefuseObjectWhenItIsLinkOutOfStore(@TempDir Path elsewhere) throws IOException {
    // Given
    Path secret = Files.write(elsewhere.resolve("secret"), new byte[] {9});
    Path link = root.resolve(KEY);
    Files.createDirectories(link.getParent());
    Files.createSymbolicLink(link, secret);

    // When / Then
    assertThatThrownBy(() -> new StoredObjects(root).open("file", KEY))
        .isInstanceOf(FetchException.class)
        .hasMessage(
            "Object %s in store directory %s is refused: it is a link or no file", KEY, root);
  }

  @Test
  void shouldNameStoreWhenItIsUnknown() {
    // Given
    StoredObjects objects = new StoredObjects(root);

    // When / Then
    assertThatThrownBy(() -> objects.open("s3\n", KEY))
        .isInstanceOf(FetchException.class)
        .hasMessage(
            "Store 's3?' is not known to this follower, which reads only store file; upgrade the"
                + " follower");
  }
}
