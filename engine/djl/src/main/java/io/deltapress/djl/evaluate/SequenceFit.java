package io.deltapress.djl.evaluate;

import io.deltapress.djl.model.ModelConfig;
import io.deltapress.format.BadInputException;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Refuses sequences that a model cannot be given.
 *
 * @param file where the sequence is from
 * @param what the sequence is called, such as {@code task 3}
 */
record SequenceFit(Path file, String what) {

  void require(long[] tokens, ModelConfig config) throws BadInputException {
    if (tokens.length > config.maxPositions()) {
      throw BadInputException.of(
          file,
          "%s has %d tokens, the model takes %d; shorten it"
              .formatted(what, tokens.length, config.maxPositions()));
    }
    if (tokens.length == 0) {
      throw BadInputException.of(file, what + " has no tokens; give a text that has some");
    }
    long largest = Arrays.stream(tokens).max().orElseThrow();
    if (largest >= config.vocabularySize()) {
      throw BadInputException.of(
          file,
          "%s has token id %d, the model's ids end at %d; give the tokenizer.json of the model"
              .formatted(what, largest, config.vocabularySize() - 1));
    }
  }

  void requireSegments(long[] segments, int count) throws BadInputException {
    long largest = Arrays.stream(segments).max().orElse(0);
    if (largest >= count) {
      throw BadInputException.of(
          file,
          "%s has segment %d, the model's segments end at %d; give the tokenizer.json of the model"
              .formatted(what, largest, count - 1));
    }
  }
}
