package io.deltapress.djl.evaluate;

import io.deltapress.djl.model.ModelConfig;
import io.deltapress.format.BadInputException;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Refuses sequences that a model cannot be given.
 *
 * @param what where the sequence is from and what it is called, such as {@code a.jsonl: task 3}
 */
public record SequenceFit(String what) {

  /** Names a sequence of a file. */
  static SequenceFit of(Path file, String what) {
    return new SequenceFit(file + ": " + what);
  }

  /**
   * Refuses a sequence that is empty, too long or not of the model's vocabulary.
   *
   * @param tokens ids of the sequence
   * @param config of the model
   * @throws BadInputException in one line that begins with what the sequence is called
   */
  public void require(long[] tokens, ModelConfig config) throws BadInputException {
    if (tokens.length > config.maxPositions()) {
      throw new BadInputException(
          "%s has %d tokens, the model takes %d; shorten it"
              .formatted(what, tokens.length, config.maxPositions()));
    }
    if (tokens.length == 0) {
      throw new BadInputException(what + " has no tokens; give a text that has some");
    }
    long largest = Arrays.stream(tokens).max().orElseThrow();
    if (largest >= config.vocabularySize()) {
      throw new BadInputException(
          "%s has token id %d, the model's ids end at %d; give the tokenizer.json of the model"
              .formatted(what, largest, config.vocabularySize() - 1));
    }
  }

  void requireSegments(long[] segments, int count) throws BadInputException {
    long largest = Arrays.stream(segments).max().orElse(0);
    if (largest >= count) {
      throw new BadInputException(
          "%s has segment %d, the model's segments end at %d; give the tokenizer.json of the model"
              .formatted(what, largest, count - 1));
    }
  }
}
