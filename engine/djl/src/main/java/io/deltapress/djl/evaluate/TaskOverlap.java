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
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.Consumer;

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

  private final Set<String> known;

  private TaskOverlap(Set<String> known) {
    this.known = known;
  }

  /**
   * Reads what a choice was made on, to look for it in any number of tests.
   *
   * @param chosenOn calibration or validation
   * @return what finds its tasks
   * @throws BadInputException naming the file when a line is no JSON object or not in UTF-8
   * @throws IOException when the file cannot be read
   */
  public static TaskOverlap with(Path chosenOn) throws IOException {
    Set<String> known = new HashSet<>();
    forEachLine(chosenOn, known::addAll);
    return new TaskOverlap(known);
  }

  /**
   * Counts shared tasks.
   *
   * @param judgedBy a test
   * @return how many of its lines are in the other file too
   * @throws BadInputException as {@link #with}
   * @throws IOException when the file cannot be read
   */
  public int countIn(Path judgedBy) throws IOException {
    int[] shared = {0};
    forEachLine(judgedBy, forms -> shared[0] += forms.stream().anyMatch(known::contains) ? 1 : 0);
    return shared[0];
  }

  /**
   * Counts shared tasks.
   *
   * @param chosenOn calibration or validation
   * @param judgedBy a test
   * @return how many lines of the test are in the other file too
   * @throws BadInputException as {@link #with}
   * @throws IOException when a file cannot be read
   */
  public static int count(Path chosenOn, Path judgedBy) throws IOException {
    return with(chosenOn).countIn(judgedBy);
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

  /** Hands on, line by line, every form that its task may have elsewhere. */
  private static void forEachLine(Path file, Consumer<Set<String>> forms) throws IOException {
    try (BufferedReader lines = Files.newBufferedReader(file)) {
      int number = 0;
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        number++;
        if (!line.isBlank()) {
          forms.accept(forms(file, number, line));
        }
      }
    } catch (CharacterCodingException e) {
      throw BadInputException.of(file, "not in UTF-8; save it in UTF-8");
    }
  }

  private static Set<String> forms(Path file, int number, String line) throws BadInputException {
    JsonNode node;
    try {
      node = JSON.readTree(line);
    } catch (JsonProcessingException e) {
      throw BadInputException.of(file, "line %d: not JSON".formatted(number));
    }
    if (!node.isObject()) {
      throw BadInputException.of(file, "line %d: no JSON object".formatted(number));
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
