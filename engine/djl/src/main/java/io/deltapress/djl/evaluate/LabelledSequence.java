package io.deltapress.djl.evaluate;

import io.deltapress.djl.model.ModelConfig;
import io.deltapress.djl.model.SequenceClassifier;
import io.deltapress.djl.model.TextTokenizer;
import io.deltapress.djl.model.TextTokenizer.SegmentedTokens;
import io.deltapress.format.BadInputException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A labelled text as one sequence, with the tokens that the tokenizer puts around it.
 *
 * @param tokens ids of the text, or of both texts
 * @param label the right class or number
 */
public record LabelledSequence(SegmentedTokens tokens, double label) {

  /**
   * Reads and tokenizes a file for a classifier.
   *
   * @param file JSON lines
   * @param tokenizer stays the caller's
   * @param model that will see the sequences
   * @return one sequence per text, in the same order
   * @throws BadInputException when a line is no labelled text, or one does not fit the model
   * @throws IOException when the file cannot be read
   */
  public static List<LabelledSequence> read(
      Path file, TextTokenizer tokenizer, SequenceClassifier model) throws IOException {
    List<LabelledText> texts = LabelFile.read(file);
    List<LabelledSequence> sequences = new ArrayList<>(texts.size());
    for (int i = 0; i < texts.size(); i++) {
      LabelledText text = texts.get(i);
      LabelledSequence sequence =
          new LabelledSequence(
              tokenizer.encodeSegments(text.text(), text.textPair()), text.label());
      sequence.requireFit(file, i + 1, model);
      sequences.add(sequence);
    }
    return sequences;
  }

  private void requireFit(Path file, int number, SequenceClassifier model)
      throws BadInputException {
    ModelConfig config = model.config();
    SequenceFit fit = SequenceFit.of(file, "text " + number);
    fit.require(tokens.ids(), config);
    fit.requireSegments(tokens.segments(), model.segments());
    boolean isClass = label == StrictMath.rint(label) && label >= 0 && label < model.labels();
    if (model.labels() > 1 && !isClass) {
      throw BadInputException.of(
          file,
          "text %d has label %s, the model's labels are the integers from 0 to %d"
              .formatted(number, label, model.labels() - 1));
    }
  }
}
