package io.deltapress.djl.edit;

import ai.djl.ndarray.NDScope;
import io.deltapress.djl.evaluate.SequenceFit;
import io.deltapress.djl.memory.WithoutGradients;
import io.deltapress.djl.model.GreedyGenerator;
import io.deltapress.djl.model.LanguageModel;
import io.deltapress.djl.model.SequenceClassifier;
import io.deltapress.djl.model.TextTokenizer;
import io.deltapress.djl.model.TextTokenizer.PromptedTokens;
import io.deltapress.djl.model.TextTokenizer.SegmentedTokens;
import io.deltapress.djl.model.TransformerModel;
import io.deltapress.format.BadInputException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Turns prompts and answers into sequences for a model.
 *
 * <p>Whether the end token belongs to an answer is the model's to say: it does if the model, as it
 * is when asked, would end right behind that answer. So an edit keeps a model that ends its answers
 * ending them, and does not teach one that writes on to stop.
 */
final class PromptEncoder {

  private final TransformerModel model;
  private final TextTokenizer tokenizer;

  PromptEncoder(EditableModel model) {
    this(model.model(), model.tokenizer());
  }

  PromptEncoder(TransformerModel model, TextTokenizer tokenizer) {
    this.model = model;
    this.tokenizer = tokenizer;
  }

  /**
   * Encodes an answer without an end token.
   *
   * @param what the prompt is called in messages, such as {@code edit 'a': the prompt}
   * @throws BadInputException when the model cannot be given it
   */
  PromptSequence encode(String what, String prompt, String answer) throws BadInputException {
    return model instanceof SequenceClassifier classifier
        ? labelled(classifier, what, prompt, answer)
        : continued(what, prompt, answer);
  }

  private PromptSequence continued(String what, String prompt, String answer)
      throws BadInputException {
    PromptedTokens tokens = tokenizer.encode(prompt, answer);
    long[] ids = tokens.tokens();
    new SequenceFit(what + " with its answer").require(ids, model.config());
    if (tokens.promptLength() < 1) {
      throw new BadInputException(what + " has no tokens; give a text that has some");
    }
    long[] labels = Arrays.copyOfRange(ids, tokens.promptLength(), ids.length);
    return new PromptSequence(ids, new long[ids.length], tokens.promptLength() - 1, labels);
  }

  /** Encodes a probe, with what the model says now if it has no answer. */
  PromptSequence encode(String what, Probe probe) throws BadInputException {
    if (probe.answer() != null) {
      return encode(what, probe.prompt(), probe.answer());
    }
    return model instanceof LanguageModel language
        ? continuedByItself(language, what, probe.prompt())
        : labelledByItself(what, probe.prompt());
  }

  @SuppressWarnings("try") // gradients are off for as long as the resource is open
  private PromptSequence continuedByItself(LanguageModel language, String what, String prompt)
      throws BadInputException {
    long[] asked = tokenizer.encode(prompt);
    new SequenceFit(what).require(asked, model.config());
    int room = Math.min(EditMeasure.LONGEST_ANSWER, model.config().maxPositions() - asked.length);
    try (WithoutGradients off = new WithoutGradients()) {
      long[] said = new GreedyGenerator(language).generate(asked, room);
      long[] ids = Arrays.copyOf(asked, asked.length + said.length);
      System.arraycopy(said, 0, ids, asked.length, said.length);
      return new PromptSequence(ids, new long[ids.length], asked.length - 1, said);
    }
  }

  @SuppressWarnings("try") // gradients are off for as long as the resource is open
  private PromptSequence labelledByItself(String what, String text) throws BadInputException {
    PromptSequence any = encode(what, text, "0");
    try (WithoutGradients off = new WithoutGradients();
        NDScope scope = new NDScope()) {
      scope.suppressNotUsedWarning();
      PromptBatch batch = new PromptBatch(model, List.of(any));
      long[] label = PromptBatch.likeliest(batch.logits());
      return new PromptSequence(any.ids(), any.segments(), 0, label);
    }
  }

  private PromptSequence labelled(
      SequenceClassifier classifier, String what, String prompt, String answer)
      throws BadInputException {
    SegmentedTokens tokens = tokenizer.encodeSegments(prompt, null);
    new SequenceFit(what).require(tokens.ids(), model.config());
    long label = label(classifier, what, answer);
    return new PromptSequence(tokens.ids(), tokens.segments(), 0, new long[] {label});
  }

  private static long label(SequenceClassifier classifier, String what, String answer)
      throws BadInputException {
    if (classifier.labels() == 1) {
      throw new BadInputException(
          what + " asks for a label, the model gives numbers; edit a classifier");
    }
    for (int label = 0; label < classifier.labels(); label++) {
      if (answer.strip().equals(Integer.toString(label))) {
        return label;
      }
    }
    throw new BadInputException(
        "%s asks for label %s, the model's labels are the integers from 0 to %d"
            .formatted(what, BadInputException.quote(answer), classifier.labels() - 1));
  }

  /**
   * Asks the model about sequences.
   *
   * @param right whether each gets all its labels
   * @param ends whether the model would end behind each; never for a classifier
   */
  record Asked(boolean[] right, boolean[] ends) {}

  /** Runs sequences through the model's present weights. */
  Asked ask(List<PromptSequence> sequences) {
    Asked asked = new Asked(new boolean[sequences.size()], new boolean[sequences.size()]);
    PromptBatch.forEach(model, sequences, (from, batch) -> ask(batch, from, asked));
    return asked;
  }

  private void ask(PromptBatch batch, int from, Asked asked) {
    long[] likeliest = PromptBatch.likeliest(batch.logits());
    boolean[] right = batch.right(likeliest);
    System.arraycopy(right, 0, asked.right, from, right.length);
    if (model instanceof LanguageModel language) {
      for (int row = 0; row < right.length; row++) {
        asked.ends[from + row] = batch.following(row, likeliest) == language.endToken();
      }
    }
  }

  /** Sequences with an end token where the model says so, as it said. */
  List<PromptSequence> ended(List<PromptSequence> sequences, boolean[] ends) {
    List<PromptSequence> ended = new ArrayList<>(sequences.size());
    for (int i = 0; i < sequences.size(); i++) {
      ended.add(ends[i] ? ended(sequences.get(i)) : sequences.get(i));
    }
    return ended;
  }

  private PromptSequence ended(PromptSequence sequence) {
    return sequence.endedBy(((LanguageModel) model).endToken());
  }
}
