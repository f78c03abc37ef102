package io.deltapress.djl.edit;

import io.deltapress.format.BadInputException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * How well a language model foresees texts: the mean negative log-likelihood of their tokens but
 * the first, in nats, every text weighing as much as it has tokens. A general ability that edits
 * must not cost.
 */
public final class TextLoss {

  private final EditableModel model;
  private final List<PromptSequence> sequences = new ArrayList<>();

  /**
   * Prepares texts once, to measure a model with changing weights.
   *
   * @param model of a language; stays the caller's
   * @param texts at least one
   * @throws BadInputException when the model cannot be given one
   */
  public TextLoss(EditableModel model, List<String> texts) throws BadInputException {
    this.model = model;
    for (int i = 0; i < texts.size(); i++) {
      long[] ids = model.tokenizer().encode(texts.get(i));
      if (ids.length < 2 || ids.length > model.model().config().maxPositions()) {
        throw new BadInputException(
            "text %d has %d tokens; give one of 2 to %d"
                .formatted(i + 1, ids.length, model.model().config().maxPositions()));
      }
      long[] labels = Arrays.copyOfRange(ids, 1, ids.length);
      sequences.add(new PromptSequence(ids, new long[ids.length], 0, labels));
    }
  }

  /**
   * Measures the model's present weights.
   *
   * @return nats per token, not negative
   */
  public double measure() {
    PooledLoss pooled = new PooledLoss();
    PromptBatch.forEach(
        model.model(),
        sequences,
        (from, batch) -> {
          double[] losses = batch.losses(batch.logits());
          for (int i = 0; i < losses.length; i++) {
            pooled.add(losses[i], batch.sequences().get(i).labels().length);
          }
        });
    return pooled.mean();
  }
}
