package io.deltapress.djl.model;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.deltapress.djl.memory.EngineSettings;
import io.deltapress.format.BadInputException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Turns text into token ids and back, by a Hugging Face {@code tokenizer.json}. */
public final class TextTokenizer implements AutoCloseable {

  /** The file's name inside a model directory. */
  public static final String NAME = "tokenizer.json";

  private static final Map<String, String> WHOLE_TEXT =
      Map.of("truncation", "false", "padding", "false");

  private final HuggingFaceTokenizer tokenizer;

  private TextTokenizer(HuggingFaceTokenizer tokenizer) {
    this.tokenizer = tokenizer;
  }

  /**
   * Opens a tokenizer.
   *
   * @param file a {@code tokenizer.json}
   * @return the tokenizer, closed by the caller
   * @throws BadInputException when the file is missing or no tokenizer
   * @throws IOException when the file cannot be read
   */
  public static TextTokenizer open(Path file) throws IOException {
    if (!Files.isRegularFile(file)) {
      throw BadInputException.of(file, "no such file; a model needs its tokenizer.json");
    }
    String json = Files.readString(file);
    requireModel(file, json);
    try {
      return of(json);
    } catch (RuntimeException e) {
      // The native library reports every fault of the file as a plain RuntimeException.
      throw BadInputException.of(file, "not a tokenizer this library reads: " + e.getMessage());
    }
  }

  private static void requireModel(Path file, String json) throws BadInputException {
    try {
      if (new ObjectMapper().readTree(json).path("model").isObject()) {
        return;
      }
    } catch (JsonProcessingException e) {
      throw BadInputException.of(
          file, "not JSON at line %d".formatted(e.getLocation().getLineNr()));
    }
    throw BadInputException.of(file, "holds no key 'model'; give a Hugging Face tokenizer.json");
  }

  /**
   * Makes a tokenizer from the content of a file.
   *
   * @param json what a {@code tokenizer.json} holds
   * @return the tokenizer, closed by the caller
   * @throws IOException when it cannot be read
   */
  public static TextTokenizer of(String json) throws IOException {
    EngineSettings.apply();
    byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
    return new TextTokenizer(
        HuggingFaceTokenizer.newInstance(new ByteArrayInputStream(bytes), WHOLE_TEXT));
  }

  /**
   * Encodes a prompt, with the tokens that start a sequence.
   *
   * @param text any text
   * @return token ids
   */
  public long[] encode(String text) {
    return tokenizer.encode(text, true, false).getIds();
  }

  /**
   * Encodes one text, or two that belong together, with the special tokens that the tokenizer puts
   * around them.
   *
   * @param text the only or the first text
   * @param textPair the second one; null if there is none
   * @return ids, and the segment of each
   */
  public SegmentedTokens encodeSegments(String text, @Nullable String textPair) {
    Encoding encoding =
        textPair == null
            ? tokenizer.encode(text, true, false)
            : tokenizer.encode(text, textPair, true, false);
    return new SegmentedTokens(encoding.getIds(), encoding.getTypeIds());
  }

  /**
   * Encodes a prompt and its answer, joined by one space, as one sequence.
   *
   * @param prompt what the model is given
   * @param answer what it should say
   * @return ids of both, and where the answer starts
   */
  public PromptedTokens encode(String prompt, String answer) {
    long[] whole = encode(prompt + " " + answer);
    return new PromptedTokens(whole, Math.min(encode(prompt).length, whole.length - 1));
  }

  /**
   * Decodes tokens, leaving out special ones.
   *
   * @param tokens token ids
   * @return the text
   */
  public String decode(long[] tokens) {
    return tokenizer.decode(tokens, true);
  }

  @Override
  public void close() {
    tokenizer.close();
  }

  /**
   * A prompt followed by its answer.
   *
   * @param tokens ids of the prompt, then of the answer, without an end token
   * @param promptLength number of ids that belong to the prompt
   */
  public record PromptedTokens(long[] tokens, int promptLength) {}

  /**
   * One text or two, as one sequence.
   *
   * @param ids token ids, those of special tokens included
   * @param segments which text each id is of: 0 or 1
   */
  public record SegmentedTokens(long[] ids, long[] segments) {}
}
