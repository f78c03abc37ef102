package io.deltapress.djl.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deltapress.format.BadInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TaskFileTest {

  private static final String HINT = "; a task is {\"prompt\": \"...\", \"answer\": \"...\"}";

  @TempDir private Path directory;

  @Test
  void shouldReadWhatItWrote() throws IOException {
    // Given
    Path file = directory.resolve("tasks.jsonl");
    List<Task> tasks = List.of(new Task("a \"quoted\" prompt", "é"), new Task("b", "c d"));
    TaskFile.write(file, tasks);

    // When
    List<Task> read = TaskFile.read(file);

    // Then
    assertThat(read).isEqualTo(tasks);
  }

  @Test
  void shouldIgnoreOtherKeysAndBlankLines() throws IOException {
    // Given
    Path file = directory.resolve("tasks.jsonl");
    Files.writeString(file, "\n{\"id\": 7, \"prompt\": \"p\", \"answer\": \"a\"}\n\n");

    // When
    List<Task> read = TaskFile.read(file);

    // Then
    assertThat(read).containsExactly(new Task("p", "a"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"prompt\": \"p\"            | not JSON",
        "{\"prompt\": \"p\"}           | answer must be a string",
        "{\"prompt\": 3, \"answer\": \"a\"} | prompt must be a string",
        "{\"prompt\": \" \", \"answer\": \"a\"} | prompt is blank",
        "[1, 2]                        | prompt must be a string"
      })
  void shouldNameFileAndLineWhenALineIsNoTask(String line, String rule) throws IOException {
    // Given
    Path file = directory.resolve("tasks.jsonl");
    Files.writeString(file, "{\"prompt\": \"p\", \"answer\": \"a\"}\n" + line + "\n");

    // When
    assertThatThrownBy(() -> TaskFile.read(file))
        // Then
        .isInstanceOf(BadInputException.class)
        .hasMessage(file + ": line 2: " + rule + HINT);
  }

  @Test
  void shouldRefuseAFileWithoutTasks() throws IOException {
    // Given
    Path file = Files.createFile(directory.resolve("tasks.jsonl"));

    // When
    assertThatThrownBy(() -> TaskFile.read(file))
        // Then
        .isInstanceOf(BadInputException.class)
        .hasMessage(file + ": holds no task; add lines with prompt and answer");
  }

  @Test
  void shouldRefuseBytesThatAreNoText() throws IOException {
    // Given
    Path file = Files.write(directory.resolve("tasks.jsonl"), new byte[] {'{', (byte) 0xC3, '"'});

    // When
    assertThatThrownBy(() -> TaskFile.read(file))
        // Then
        .isInstanceOf(BadInputException.class)
        .hasMessage(file + ": not UTF-8 text; write the task file in UTF-8");
  }

  @Test
  void shouldRefuseAMissingFile() {
    // Given
    Path file = directory.resolve("absent.jsonl");

    // When
    assertThatThrownBy(() -> TaskFile.read(file))
        // Then
        .isInstanceOf(BadInputException.class)
        .hasMessage(file + ": no such file; give a task file of JSON lines");
  }
}
