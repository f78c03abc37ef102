package io.deltapress.app.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScratchDirectoryTest {
  @TempDir Path directory;

  @Test
  void shouldRemoveLeftoversWhenOpenedAgain() throws IOException {
    // Given
    Path left;
    try (ScratchDirectory crashed = ScratchDirectory.open(directory)) {
      left = crashed.newTaskDirectory();
      Files.writeString(left.resolve("shard.safetensors"), "half a sh");
    }

    // When
    ScratchDirectory.open(directory).close();

    // Then
    assertThat(left).doesNotExist();
  }

  @Test
  void shouldLeaveOtherFilesAloneWhenDirectoryHoldsSome() throws IOException {
    // Given
    Path foreign = Files.writeString(directory.resolve("notes.txt"), "not a task's");

    // When
    ScratchDirectory.open(directory).close();

    // Then
    assertThat(foreign).exists();
  }

  @Test
  void shouldRemoveEverythingOfTaskWhenTold() throws IOException {
    try (ScratchDirectory scratch = ScratchDirectory.open(directory)) {
      // Given
      Path task = scratch.newTaskDirectory();
      Files.writeString(Files.createDirectories(task.resolve("a/b")).resolve("c"), "shard");

      // When
      ScratchDirectory.remove(task);

      // Then
      assertThat(task).doesNotExist();
    }
  }

  @Test
  void shouldRefuseWhenAnotherWorkerHasIt() throws IOException {
    try (ScratchDirectory first = ScratchDirectory.open(directory)) {
      // Given
      Path running = first.newTaskDirectory();

      // When / Then
      assertThatThrownBy(() -> ScratchDirectory.open(directory))
          .isInstanceOf(IOException.class)
          .hasMessage(
              "Scratch directory %s is in use by another worker;"
                  + " give each its own worker.directory",
              directory);
      assertThat(running).exists();
    }
  }
}
