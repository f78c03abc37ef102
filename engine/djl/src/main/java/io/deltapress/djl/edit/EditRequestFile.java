package io.deltapress.djl.edit;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.deltapress.format.BadInputException;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntFunction;

/**
 * Reads and writes edit requests: a JSON array, or one JSON object after the other as in JSON
 * lines, in either of the two dialects in use ({@link EditRequestJson}).
 */
public final class EditRequestFile {

  /** Longest file that is read, in bytes. */
  public static final long MAX_BYTES = 256L << 20;

  private static final ObjectMapper JSON =
      new ObjectMapper()
          .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
          .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION);

  private static final String EXAMPLE =
      "a request is {\"prompt\": \"...\", \"target_new\": \"...\"}";

  private EditRequestFile() {}

  /**
   * Reads all requests of a file. One without an id is called {@code edit-N}, N being its place in
   * the file, counted from 1.
   *
   * @param file JSON in UTF-8
   * @return its requests, at least one, with different ids
   * @throws BadInputException naming file and request when one is unusable, or when there is none
   * @throws IOException when the file cannot be read
   */
  public static List<EditRequest> read(Path file) throws IOException {
    return read(file, EditRequestFile::numbered);
  }

  private static String numbered(int number) {
    return "edit-" + number;
  }

  /**
   * Reads all requests of a file.
   *
   * @param file JSON in UTF-8
   * @param idOf what a request is called that has no id, by its place in the file, counted from 1
   * @return as {@link #read(Path)}
   * @throws BadInputException as {@link #read(Path)}
   * @throws IOException as {@link #read(Path)}
   */
  public static List<EditRequest> read(Path file, IntFunction<String> idOf) throws IOException {
    if (!Files.isRegularFile(file)) {
      throw BadInputException.of(file, "no such file; give a file of edit requests");
    }
    if (Files.size(file) > MAX_BYTES) {
      throw BadInputException.of(file, "larger than 256 MiB; split it");
    }
    String text;
    try {
      text = Files.readString(file);
    } catch (CharacterCodingException e) {
      throw BadInputException.of(file, "not UTF-8 text; write the requests in UTF-8");
    }
    return parse(file, text, idOf);
  }

  /** Reads requests from text; the path is for messages. */
  static List<EditRequest> parse(Path file, String text) throws BadInputException {
    return parse(file, text, EditRequestFile::numbered);
  }

  private static List<EditRequest> parse(Path file, String text, IntFunction<String> idOf)
      throws BadInputException {
    List<EditRequest> requests = new ArrayList<>();
    Set<String> ids = new HashSet<>();
    for (JsonNode node : objects(file, text)) {
      int number = requests.size() + 1;
      EditRequest request;
      try {
        request = EditRequestJson.parse(node, idOf.apply(number));
      } catch (IllegalArgumentException e) {
        throw BadInputException.of(
            file, "request %d: %s; %s".formatted(number, e.getMessage(), EXAMPLE));
      }
      if (!ids.add(request.id())) {
        throw BadInputException.of(
            file,
            "request %d: id %s is taken by one before; give each its own"
                .formatted(number, BadInputException.quote(request.id())));
      }
      requests.add(request);
    }
    if (requests.isEmpty()) {
      throw BadInputException.of(file, "holds no request; " + EXAMPLE);
    }
    return List.copyOf(requests);
  }

  /** The values one after the other; of an array, its elements. */
  private static List<JsonNode> objects(Path file, String text) throws BadInputException {
    List<JsonNode> nodes = new ArrayList<>();
    try (MappingIterator<JsonNode> values = JSON.readerFor(JsonNode.class).readValues(text)) {
      while (values.hasNextValue()) {
        JsonNode node = values.nextValue();
        if (node instanceof ArrayNode array) {
          array.forEach(nodes::add);
        } else {
          nodes.add(node);
        }
      }
    } catch (JsonProcessingException e) {
      throw BadInputException.of(
          file, "not JSON at line %d; %s".formatted(e.getLocation().getLineNr(), EXAMPLE));
    } catch (IOException e) {
      throw new AssertionError("a string is read without input or output", e);
    }
    return nodes;
  }

  /**
   * Writes requests as JSON lines, in the flat dialect.
   *
   * @param file where to write; replaced
   * @param requests what to write
   * @throws IOException when the file cannot be written
   */
  public static void write(Path file, List<EditRequest> requests) throws IOException {
    StringBuilder lines = new StringBuilder();
    for (EditRequest request : requests) {
      ObjectNode line = EditRequestJson.write(request);
      lines.append(line).append('\n');
    }
    Files.writeString(file, lines);
  }
}
