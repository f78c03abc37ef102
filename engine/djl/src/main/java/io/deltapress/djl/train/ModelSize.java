package io.deltapress.djl.train;

import io.deltapress.djl.model.EncoderConfig;
import io.deltapress.djl.model.EncoderNames;
import io.deltapress.djl.model.LlamaConfig;
import io.deltapress.djl.model.ModelFamily;
import io.deltapress.djl.world.WordLevelTokenizer;

/**
 * What can be chosen of a model's shape; the rest follows from its vocabulary.
 *
 * @param hidden width of the residual stream
 * @param feedForward width of the feed-forward
 * @param layers number of decoder blocks
 * @param heads number of query heads, a divisor of {@code hidden}
 * @param keyValueHeads number of key and value heads, a divisor of {@code heads}
 */
public record ModelSize(int hidden, int feedForward, int layers, int heads, int keyValueHeads) {

  private static final int ENCODER_POSITIONS = 64;

  /** Checks that heads share the width evenly; the rest is checked with the whole shape. */
  public ModelSize {
    if (hidden < 1 || heads < 1 || hidden % heads != 0) {
      throw new IllegalArgumentException(
          "hidden size %d is no multiple of %d heads".formatted(hidden, heads));
    }
    config(hidden, feedForward, layers, heads, keyValueHeads, 1);
  }

  /**
   * Gives the shape of the reference models.
   *
   * @return about 1.8 million parameters with a vocabulary of 800
   */
  public static ModelSize reference() {
    return new ModelSize(192, 512, 4, 6, 3);
  }

  /** The whole shape, with tied embeddings and the token ids of a word-level tokenizer. */
  LlamaConfig config(int vocabularySize) {
    return config(hidden, feedForward, layers, heads, keyValueHeads, vocabularySize);
  }

  /**
   * Gives the shape of the reference encoder.
   *
   * @return about 0.6 million parameters with a vocabulary of 800
   */
  public static ModelSize encoder() {
    return new ModelSize(128, 384, 3, 4, 4);
  }

  /**
   * The whole shape of a BERT classifier, whose key and value heads are as many as its query heads.
   */
  EncoderConfig encoderConfig(int vocabularySize, int labels) {
    if (keyValueHeads != heads) {
      throw new IllegalArgumentException(
          "an encoder has as many key and value heads as heads: %d, not %d"
              .formatted(heads, keyValueHeads));
    }
    return new EncoderConfig(
        ModelFamily.BERT,
        vocabularySize,
        hidden,
        feedForward,
        layers,
        heads,
        1e-12,
        ENCODER_POSITIONS,
        0,
        2,
        labels,
        EncoderNames.of(ModelFamily.BERT));
  }

  private static LlamaConfig config(
      int hidden, int feedForward, int layers, int heads, int keyValueHeads, int vocabularySize) {
    return new LlamaConfig(
        vocabularySize,
        hidden,
        feedForward,
        layers,
        heads,
        keyValueHeads,
        hidden / heads,
        1e-5,
        10_000,
        256,
        true,
        WordLevelTokenizer.BEGIN,
        WordLevelTokenizer.END);
  }
}
