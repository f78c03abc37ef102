package io.deltapress.format;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExclusiveFileTest {
  @TempDir private Path directory;

  @Test
  void shouldHaveOneHolderAtATime() throws IOException {
    // Given
    Path file = directory.resolve("lock");
    ExclusiveFile holder = ExclusiveFile.take(file).orElseThrow();

    // When
    boolean taken = ExclusiveFile.take(file).isPresent();

    // Then
    assertThat(taken).isFalse();
    holder.close();
    try (ExclusiveFile next = ExclusiveFile.take(file).orElseThrow()) {
      assertThat(next).isNotNull();
    }
  }
}
