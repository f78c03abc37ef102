package io.deltapress.djl.evaluate;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.deltapress.format.BadInputException;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Reads and writes tasks as JSON lines: {@code {"prompt": "...", "answer": "..."}}. */
public final class TaskFile {

  private static final ObjectMapper JSON = new ObjectMapper();

  private TaskFile() {}

  /**
   * Reads all tasks of a file; blank lines are skipped.
   *
   * @param file a JSONL file in UTF-8
   * @return its tasks, at least one
   * @throws BadInputException naming file and line when a line is no task, or when there is none
   * @throws IOException when the file cannot be read
   */
  public static List<Task> read(Path file) throws IOException {
    if (!Files.isRegularFile(file)) {
      throw BadInputException.of(file, "no such file; give a task file of JSON lines");
    }
    List<Task> tasks = new ArrayList<>();
    try (BufferedReader lines = Files.newBufferedReader(file)) {
      int number = 0;
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        number++;
        if (!line.isBlank()) {
          tasks.add(task(file, number, line));
        }
      }
    } catch (CharacterCodingException e) {
      throw BadInputException.of(file, "not UTF-8 text; write the task file in UTF-8");
    }
    if (tasks.isEmpty()) {
      throw BadInputException.of(file, "holds no task; add lines with prompt and answer");
    }
    return List.copyOf(tasks);
  }

  /**
   * Writes tasks, one per line.
   *
   * @param file where to write; replaced
   * @param tasks what to write
   * @throws IOException when the file cannot be written
   */
  public static void write(Path file, List<Task> tasks) throws IOException {
    StringBuilder lines = new StringBuilder();
    for (Task task : tasks) {
      lines.append(
          JSON.createObjectNode()
              .put("prompt", task.prompt())
              .put("answer", task.answer())
              .toString());
      lines.append('\n');
    }
    Files.writeString(file, lines);
  }

  private static Task task(Path file, int number, String line) throws BadInputException {
    try {
      JsonNode node = JSON.readTree(line);
      return new Task(text(node, "prompt"), text(node, "answer"));
    } catch (JsonProcessingException e) {
      throw broken(file, number, "not JSON");
    } catch (IllegalArgumentException e) {
      throw broken(file, number, e.getMessage());
    }
  }

  private static String text(JsonNode node, String key) {
    if (!node.path(key).isTextual()) {
      throw new IllegalArgumentException(key + " must be a string");
    }
    return node.path(key).textValue();
  }

  private static BadInputException broken(Path file, int number, String rule) {
    return new BadInputException(
        "%s: line %d: %s; a task is {\"prompt\": \"...\", \"answer\": \"...\"}"
            .formatted(file, number, rule));
  }
}
