package io.deltapress.djl.evaluate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.deltapress.format.BadInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads and writes labelled texts as JSON lines: {@code {"text": "...", "text_pair": "...",
 * "label": 1}}, {@code text_pair} being optional.
 */
public final class LabelFile {

  private LabelFile() {}

  /**
   * Reads all texts of a file; blank lines are skipped.
   *
   * @param file a JSONL file in UTF-8
   * @return its texts, at least one
   * @throws BadInputException naming file and line when a line is no labelled text, or when there
   *     is none
   * @throws IOException when the file cannot be read
   */
  public static List<LabelledText> read(Path file) throws IOException {
    List<LabelledText> texts =
        new JsonLines(file, "a labelled text is {\"text\": \"...\", \"label\": 1}")
            .read(LabelFile::labelledText);
    if (texts.isEmpty()) {
      throw BadInputException.of(file, "holds no text; add lines with text and label");
    }
    return texts;
  }

  private static LabelledText labelledText(JsonNode node) {
    if (!node.path("label").isNumber()) {
      throw new IllegalArgumentException("label must be a number");
    }
    return new LabelledText(
        JsonLines.text(node, "text"), textPair(node), node.path("label").doubleValue());
  }

  private static @Nullable String textPair(JsonNode node) {
    JsonNode pair = node.path("text_pair");
    return pair.isMissingNode() || pair.isNull() ? null : JsonLines.text(node, "text_pair");
  }

  /**
   * Writes texts, one per line; whole labels are written as integers.
   *
   * @param file where to write; replaced
   * @param texts what to write
   * @throws IOException when the file cannot be written
   */
  public static void write(Path file, List<LabelledText> texts) throws IOException {
    StringBuilder lines = new StringBuilder();
    for (LabelledText text : texts) {
      ObjectNode line = JsonNodeFactory.instance.objectNode().put("text", text.text());
      if (text.textPair() != null) {
        line.put("text_pair", text.textPair());
      }
      if (text.label() == StrictMath.rint(text.label())) {
        line.put("label", (long) text.label());
      } else {
        line.put("label", text.label());
      }
      lines.append(line).append('\n');
    }
    Files.writeString(file, lines);
  }
}
