package io.deltapress.djl.evaluate;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.deltapress.format.BadInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
    List<Task> tasks =
        new JsonLines(file, "a task is {\"prompt\": \"...\", \"answer\": \"...\"}")
            .read(node -> new Task(JsonLines.text(node, "prompt"), JsonLines.text(node, "answer")));
    if (tasks.isEmpty()) {
      throw BadInputException.of(file, "holds no task; add lines with prompt and answer");
    }
    return tasks;
  }

  /**
   * Counts the tasks or labelled texts of a file, without looking at what they hold.
   *
   * @param file a JSONL file in UTF-8
   * @return number of lines that are not blank, at least 1
   * @throws BadInputException naming file and line when a line is no JSON, or when there is none
   * @throws IOException when the file cannot be read
   */
  public static int count(Path file) throws IOException {
    int count = new JsonLines(file, "a task is one JSON object").read(node -> node).size();
    if (count == 0) {
      throw BadInputException.of(file, "holds no task; add lines with prompt and answer");
    }
    return count;
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
}
