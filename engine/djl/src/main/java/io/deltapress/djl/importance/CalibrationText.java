package io.deltapress.djl.importance;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.deltapress.djl.evaluate.Task;
import io.deltapress.djl.evaluate.TokenizedTask;
import io.deltapress.djl.model.LanguageModel;
import io.deltapress.djl.model.TextTokenizer;
import io.deltapress.djl.model.TextTokenizer.SegmentedTokens;
import io.deltapress.djl.model.TransformerModel;
import io.deltapress.format.BadInputException;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads text to calibrate on: JSON lines, each a task {@code {"prompt": ..., "answer": ...}} of
 * which the answer is measured, or {@code {"text": ...}}, with {@code "text_pair"} if there are two
 * parts, which is measured whole. Labels and anything else are ignored.
 *
 * <p>Longer files are thinned out evenly, and longer texts cut into windows.
 */
public final class CalibrationText {

  /** How many lines are used at most, as published for decoders. */
  public static final int MOST_LINES = 100;

  /** Longest window in tokens, as published for decoders. */
  public static final int WINDOW = 256;

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path file;
  private final TextTokenizer tokenizer;
  private final TransformerModel model;

  private CalibrationText(Path file, TextTokenizer tokenizer, TransformerModel model) {
    this.file = file;
    this.tokenizer = tokenizer;
    this.model = model;
  }

  /**
   * Reads a file for a model.
   *
   * @param file JSON lines in UTF-8
   * @param tokenizer stays the caller's
   * @param model that will see the text
   * @return batches of at least one text
   * @throws BadInputException naming file and line when a line holds no text or does not fit the
   *     model, or when there is none
   * @throws IOException when the file cannot be read
   */
  public static List<CalibrationBatch> read(
      Path file, TextTokenizer tokenizer, TransformerModel model) throws IOException {
    return read(file, tokenizer, model, Integer.MAX_VALUE);
  }

  /**
   * Reads a file for a model, in small batches.
   *
   * @param file as in {@link #read(Path, TextTokenizer, TransformerModel)}
   * @param tokenizer stays the caller's
   * @param model that will see the text
   * @param mostSequences of a batch, at least 1
   * @return batches of at least one text
   * @throws IOException as in {@link #read(Path, TextTokenizer, TransformerModel)}
   */
  public static List<CalibrationBatch> read(
      Path file, TextTokenizer tokenizer, TransformerModel model, int mostSequences)
      throws IOException {
    CalibrationText text = new CalibrationText(file, tokenizer, model);
    return CalibrationBatch.allOf(text.sequences(), mostSequences);
  }

  private List<CalibrationSequence> sequences() throws IOException {
    List<String> lines = lines();
    List<CalibrationSequence> sequences = new ArrayList<>();
    int most = Math.min(WINDOW, model.config().maxPositions());
    int used = Math.min(MOST_LINES, lines.size());
    for (int i = 0; i < used; i++) {
      int number = (int) ((long) i * lines.size() / used);
      CalibrationSequence sequence = sequence(number + 1, lines.get(number));
      requireIds(number + 1, sequence);
      sequences.addAll(sequence.windows(most));
    }
    return sequences;
  }

  private List<String> lines() throws IOException {
    if (!Files.isRegularFile(file)) {
      throw BadInputException.of(file, "no such file; give a calibration file of JSON lines");
    }
    try {
      List<String> lines = Files.readAllLines(file);
      int end = lines.size();
      while (end > 0 && lines.get(end - 1).isBlank()) {
        end--;
      }
      if (end == 0) {
        throw BadInputException.of(file, "holds no text; add lines with a text or a task");
      }
      return lines.subList(0, end);
    } catch (CharacterCodingException e) {
      throw BadInputException.of(file, "not UTF-8 text; write the calibration file in UTF-8");
    }
  }

  private CalibrationSequence sequence(int number, String line) throws BadInputException {
    JsonNode node;
    try {
      node = JSON.readTree(line);
    } catch (JsonProcessingException e) {
      throw broken(number, "not JSON");
    }
    if (node.path("prompt").isTextual() && node.path("answer").isTextual()) {
      return task(number, node.path("prompt").textValue(), node.path("answer").textValue());
    }
    if (node.path("text").isTextual() && !node.path("text").textValue().isBlank()) {
      String text = node.path("text").textValue();
      String pair = node.path("text_pair").asText("");
      return whole(text, pair.isBlank() ? null : pair);
    }
    throw broken(number, "holds no text");
  }

  private CalibrationSequence task(int number, String prompt, String answer)
      throws BadInputException {
    if (prompt.isBlank() || answer.isBlank()) {
      throw broken(number, "prompt or answer is blank");
    }
    if (model instanceof LanguageModel language) {
      TokenizedTask task =
          TokenizedTask.allOf(List.of(new Task(prompt, answer)), tokenizer, language.endToken())
              .get(0);
      // The last token is predicted, never seen.
      long[] seen = Arrays.copyOf(task.tokens(), task.tokens().length - 1);
      return new CalibrationSequence(seen, task.promptLength() - 1);
    }
    return whole(prompt + " " + answer, null);
  }

  private CalibrationSequence whole(String text, @Nullable String pair) {
    SegmentedTokens encoded = tokenizer.encodeSegments(text, pair);
    return new CalibrationSequence(encoded.ids(), encoded.segments(), 0);
  }

  private void requireIds(int number, CalibrationSequence sequence) throws BadInputException {
    long largest = Arrays.stream(sequence.tokens()).max().orElse(-1);
    if (largest < 0) {
      throw broken(number, "gives no token");
    }
    if (largest >= model.config().vocabularySize()) {
      throw BadInputException.of(
          file,
          "line %d has token id %d, the model's ids end at %d; give the tokenizer.json of the model"
              .formatted(number, largest, model.config().vocabularySize() - 1));
    }
  }

  private BadInputException broken(int number, String rule) {
    return BadInputException.of(
        file,
        "line %d: %s; give {\"text\": \"...\"} or {\"prompt\": \"...\", \"answer\": \"...\"}"
            .formatted(number, rule));
  }
}
