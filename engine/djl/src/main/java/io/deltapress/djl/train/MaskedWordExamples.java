package io.deltapress.djl.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.deltapress.djl.model.EncoderModel;
import io.deltapress.djl.model.TokenBatch;
import io.deltapress.djl.random.SplitMix64;
import io.deltapress.djl.world.WordLevelTokenizer;
import java.util.ArrayList;
import java.util.List;

/**
 * Sentences with words left out, which the encoder learns to fill in (Devlin et al., 2019, section
 * 3.1): of a sentence each word is chosen with probability 0.15, and at least one; a chosen word is
 * replaced by the unknown token, which no sentence of the world holds, in 80 % of the cases, by a
 * random word in 10 %, and left as it is in the others.
 *
 * <p>Each sentence comes with several choices, all of which follow from the seed alone.
 */
final class MaskedWordExamples implements TrainingExamples {

  private static final int CHOICES = 8;
  private static final double CHOSEN = 0.15;
  private static final double MASKED = 0.8;
  private static final double REPLACED = 0.1;
  private static final long PURPOSE = 1L << 40;

  private final EncoderModel model;
  private final List<long[]> sentences;
  private final long seed;

  /** Sentences start with one token that is never left out, and hold one more at least. */
  MaskedWordExamples(EncoderModel model, List<long[]> sentences, long seed) {
    this.model = model;
    this.sentences = sentences;
    this.seed = seed;
  }

  @Override
  public int size() {
    return CHOICES * sentences.size();
  }

  @Override
  public Batch batch(int[] indices) {
    List<Masked> rows = new ArrayList<>();
    for (int index : indices) {
      rows.add(masked(index));
    }
    return new MaskedBatch(model, rows);
  }

  /**
   * A sentence with words left out.
   *
   * @param inputs what the model sees
   * @param targets what was there
   * @param chosen where the model is asked
   */
  private record Masked(long[] inputs, long[] targets, boolean[] chosen) {}

  private Masked masked(int index) {
    long[] targets = sentences.get(index / CHOICES);
    SplitMix64 random = SplitMix64.forPurpose(seed, PURPOSE + index);
    boolean[] chosen = new boolean[targets.length];
    chosen[1 + random.nextInt(targets.length - 1)] = true;
    for (int at = 1; at < targets.length; at++) {
      chosen[at] |= random.nextDouble() < CHOSEN;
    }
    long[] inputs = targets.clone();
    for (int at = 1; at < targets.length; at++) {
      if (chosen[at]) {
        inputs[at] = shown(targets[at], random);
      }
    }
    return new Masked(inputs, targets, chosen);
  }

  private long shown(long word, SplitMix64 random) {
    double way = random.nextDouble();
    if (way < MASKED) {
      return WordLevelTokenizer.UNKNOWN;
    }
    int first = WordLevelTokenizer.END + 1;
    return way < MASKED + REPLACED
        ? first + random.nextInt(model.config().vocabularySize() - first)
        : word;
  }

  private record MaskedBatch(EncoderModel model, TokenBatch inputs, long[] targets, float[] shares)
      implements Batch {

    MaskedBatch(EncoderModel model, List<Masked> rows) {
      this(
          model,
          TokenBatch.of(rows.stream().map(Masked::inputs).toList()),
          new long[rows.size() * longest(rows)],
          new float[rows.size() * longest(rows)]);
      int asked = 0;
      for (int row = 0; row < rows.size(); row++) {
        asked += fill(row, rows.get(row));
      }
      for (int i = 0; i < shares.length; i++) {
        shares[i] /= asked;
      }
    }

    private static int longest(List<Masked> rows) {
      return rows.stream().mapToInt(row -> row.inputs.length).max().orElseThrow();
    }

    private int fill(int row, Masked sentence) {
      int first = row * inputs.length();
      System.arraycopy(sentence.targets, 0, targets, first, sentence.targets.length);
      int asked = 0;
      for (int at = 0; at < sentence.chosen.length; at++) {
        shares[first + at] = sentence.chosen[at] ? 1 : 0;
        asked += sentence.chosen[at] ? 1 : 0;
      }
      return asked;
    }

    @Override
    public int tokens() {
      return targets.length;
    }

    /** Mean cross-entropy over the words that were left out. */
    @Override
    public NDArray loss() {
      NDManager manager = model.weights().manager();
      Shape places = new Shape(inputs.size(), inputs.length(), 1);
      return model
          .tokenLogits(inputs)
          .logSoftmax(-1)
          .gather(manager.create(targets, places), -1)
          .mul(manager.create(shares, places))
          .sum()
          .neg();
    }
  }
}
