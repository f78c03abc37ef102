package io.deltapress.djl.evaluate;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.deltapress.format.BadInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Finds out whether what a choice was made on is what it is judged by: a figure on such tasks would
 * flatter.
 *
 * <p>Files are JSON lines of any kind that is evaluated or calibrated on. Two lines are the same
 * task when their prompts are, or their texts, whatever the answers, labels and white space; a text
 * is also the same as a prompt and its answer written out.
 */
public final class TaskOverlap {

  private static final ObjectMapper JSON = new ObjectMapper();

  private TaskOverlap() {}

  /**
   * Counts shared tasks.
   *
   * @param chosenOn calibration or validation
   * @param judgedBy a test
   * @return how many lines of the test are in the other file too
   * @throws BadInputException naming file and line when a line is not JSON
   * @throws IOException when a file cannot be read
   */
  public static int count(Path chosenOn, Path judgedBy) throws IOException {
    Set<String> known = new HashSet<>();
    for (Set<String> line : lines(chosenOn)) {
      known.addAll(line);
    }
    int shared = 0;
    for (Set<String> line : lines(judgedBy)) {
      shared += line.stream().anyMatch(known::contains) ? 1 : 0;
    }
    return shared;
  }

  /**
   * Refuses files that share tasks.
   *
   * @param chosenOn calibration or validation
   * @param judgedBy a test
   * @throws BadInputException when there is a shared task, or as in {@link #count}
   * @throws IOException when a file cannot be read
   */
  public static void requireNone(Path chosenOn, Path judgedBy) throws IOException {
    int shared = count(chosenOn, judgedBy);
    if (shared > 0) {
      throw BadInputException.of(
          chosenOn,
          "shares %d tasks with %s, which is to judge the result; give text that is not in it"
              .formatted(shared, judgedBy));
    }
  }

  /** Of each line every form it may have elsewhere. */
  private static List<Set<String>> lines(Path file) throws IOException {
    List<String> lines = Files.readAllLines(file);
    List<Set<String>> forms = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      if (!lines.get(i).isBlank()) {
        forms.add(forms(file, i + 1, lines.get(i)));
      }
    }
    return forms;
  }

  private static Set<String> forms(Path file, int number, String line) throws BadInputException {
    JsonNode node;
    try {
      node = JSON.readTree(line);
    } catch (JsonProcessingException e) {
      throw BadInputException.of(file, "line %d: not JSON".formatted(number));
    }
    Set<String> forms = new LinkedHashSet<>();
    add(forms, node.path("prompt").asText(""));
    add(forms, node.path("prompt").asText("") + " " + node.path("answer").asText(""));
    add(forms, node.path("text").asText("") + " " + node.path("text_pair").asText(""));
    return forms;
  }

  private static void add(Set<String> forms, String text) {
    String plain = text.strip().replaceAll("\\s+", " ");
    if (!plain.isEmpty()) {
      forms.add(plain);
    }
  }
}
