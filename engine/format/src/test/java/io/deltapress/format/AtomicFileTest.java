package io.deltapress.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFileTest {
  @TempDir private Path directory;

  @Test
  void shouldReplaceTargetWhenCommitted() throws IOException {
    // Given
    Path target = Files.writeString(directory.resolve("out"), "old");

    // When
    try (AtomicFile file = AtomicFile.create(target)) {
      file.write(ByteBuffer.wrap("new".getBytes(java.nio.charset.StandardCharsets.UTF_8)));
      file.commit();
    }

    // Then
    assertThat(target).hasContent("new");
    assertThat(directory).isDirectoryNotContaining("glob:**.tmp");
  }

  @Test
  void shouldLeaveTargetAndNothingElseWhenNotCommitted() throws IOException {
    // Given
    Path target = Files.writeString(directory.resolve("out"), "old");

    // When
    try (AtomicFile file = AtomicFile.create(target)) {
      file.write(ByteBuffer.allocate(1 << 20));
    }

    // Then
    assertThat(target).hasContent("old");
    assertThat(directory.toFile().list()).containsExactly("out");
  }

  @Test
  void shouldKeepBytesInOrderWhenBuffersOfAllSizesAreMixed() throws IOException {
    // Given
    byte[] bytes = new byte[3_000_000];
    new Random(1).nextBytes(bytes);
    ByteBuffer direct = ByteBuffer.allocateDirect(bytes.length).put(bytes);
    Path target = directory.resolve("out");

    // When
    try (AtomicFile file = AtomicFile.create(target)) {
      file.write(ByteBuffer.wrap(bytes, 0, 7));
      file.write(direct.slice(7, 1_000_000));
      file.write(direct.slice(1_000_007, 100));
      file.write(ByteBuffer.wrap(bytes, 1_000_107, bytes.length - 1_000_107));
      file.commit();
    }

    // Then
    assertThat(target).hasBinaryContent(bytes);
  }

  @Test
  void shouldConsumeBufferWhenItIsWritten() throws IOException {
    // Given
    ByteBuffer bytes = ByteBuffer.wrap(new byte[] {1, 2, 3}, 1, 2);

    // When
    try (AtomicFile file = AtomicFile.create(directory.resolve("out"))) {
      file.write(bytes);
    }

    // Then
    assertThat(bytes.hasRemaining()).isFalse();
  }

  @Test
  void shouldRefuseWhenTheDirectoryDoesNotExist() {
    // Given
    Path target = directory.resolve("missing").resolve("out");

    // When, Then
    assertThatThrownBy(() -> AtomicFile.create(target))
        .isInstanceOf(BadInputException.class)
        .hasMessage(target + ": its directory does not exist; create it or choose another path");
  }

  @Test
  void shouldNameTargetWhenItCannotBeReplaced() throws IOException {
    // Given
    Path target = Files.createDirectory(directory.resolve("out"));
    Files.writeString(target.resolve("child"), "");

    // When, Then
    try (AtomicFile file = AtomicFile.create(target)) {
      assertThatThrownBy(file::commit)
          .isInstanceOf(IOException.class)
          .hasMessageStartingWith(target + ": cannot be written: ");
    }
    assertThat(directory.toFile().list()).containsExactly("out");
  }

  @Test
  void shouldRefuseSecondCommit() throws IOException {
    // Given
    try (AtomicFile file = AtomicFile.create(directory.resolve("out"))) {
      file.commit();

      // When, Then
      assertThatThrownBy(file::commit).isInstanceOf(IllegalStateException.class);
    }
  }
}
