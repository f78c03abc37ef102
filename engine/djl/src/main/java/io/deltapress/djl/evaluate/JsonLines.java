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
import java.util.function.Function;

/** A file of one JSON object per line, in UTF-8; blank lines count, and are skipped. */
record JsonLines(Path file, String example) {

  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * Reads every line.
   *
   * @param parse makes a value of a line; what it throws as IllegalArgumentException is the rule
   *     that the line breaks
   * @return at least one value
   */
  <T> List<T> read(Function<JsonNode, T> parse) throws IOException {
    if (!Files.isRegularFile(file)) {
      throw BadInputException.of(file, "no such file; give a task file of JSON lines");
    }
    List<T> values = new ArrayList<>();
    try (BufferedReader lines = Files.newBufferedReader(file)) {
      int number = 0;
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        number++;
        if (!line.isBlank()) {
          values.add(parse(number, line, parse));
        }
      }
    } catch (CharacterCodingException e) {
      throw BadInputException.of(file, "not UTF-8 text; write the task file in UTF-8");
    }
    return List.copyOf(values);
  }

  private <T> T parse(int number, String line, Function<JsonNode, T> parse)
      throws BadInputException {
    try {
      return parse.apply(JSON.readTree(line));
    } catch (JsonProcessingException e) {
      throw broken(number, "not JSON");
    } catch (IllegalArgumentException e) {
      throw broken(number, e.getMessage());
    }
  }

  private BadInputException broken(int number, String rule) {
    return BadInputException.of(file, "line %d: %s; %s".formatted(number, rule, example));
  }

  /** The string at a key. */
  static String text(JsonNode node, String key) {
    if (!node.path(key).isTextual()) {
      throw new IllegalArgumentException(key + " must be a string");
    }
    return node.path(key).textValue();
  }
}
