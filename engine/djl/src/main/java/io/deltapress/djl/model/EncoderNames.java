package io.deltapress.djl.model;

import io.deltapress.format.delta.LinearInput.Orientation;
import java.util.Locale;
import java.util.Set;

/**
 * How a checkpoint of an encoder spells its tensors.
 *
 * @param prefix what names begin with: {@code bert.} or {@code roberta.}, or nothing when the
 *     encoder was saved without any head
 * @param gain last part of the name of a LayerNorm's gain: {@code weight}, or {@code gamma} in the
 *     first published checkpoints
 * @param shift last part of the name of a LayerNorm's bias: {@code bias}, or {@code beta}
 */
public record EncoderNames(String prefix, String gain, String shift) {

  private static final String WORDS = "embeddings.word_embeddings.weight";

  /**
   * Gives the names that are written today.
   *
   * @param family BERT or RoBERTa
   * @return names under the family's prefix
   */
  public static EncoderNames of(ModelFamily family) {
    return new EncoderNames(family == ModelFamily.ROBERTA ? "roberta." : "bert.", "weight", "bias");
  }

  static EncoderNames of(ModelFamily family, Set<String> tensors) {
    String prefix = tensors.contains(WORDS) ? "" : of(family).prefix;
    return tensors.contains(prefix + "embeddings.LayerNorm.gamma")
        ? new EncoderNames(prefix, "gamma", "beta")
        : new EncoderNames(prefix, "weight", "bias");
  }

  /**
   * Names the token embeddings.
   *
   * @return name of a matrix [vocabulary, hidden]
   */
  public String words() {
    return prefix + WORDS;
  }

  String positions() {
    return prefix + "embeddings.position_embeddings.weight";
  }

  String segments() {
    return prefix + "embeddings.token_type_embeddings.weight";
  }

  /** A LayerNorm behind the embeddings. */
  Norm embeddingNorm() {
    return norm(prefix + "embeddings.LayerNorm.");
  }

  /** One of the two LayerNorms of a block. */
  Norm norm(int layer, String part) {
    return norm(ofLayer(layer, part) + ".LayerNorm.");
  }

  private Norm norm(String stem) {
    return new Norm(stem + gain, stem + shift);
  }

  /**
   * The vectors of a LayerNorm.
   *
   * @param gain name of the factors
   * @param shift name of the summands
   */
  record Norm(String gain, String shift) {}

  LinearLayer linearLayer(int layer, String part) {
    return linear(ofLayer(layer, part));
  }

  private String ofLayer(int layer, String part) {
    return String.format(Locale.ROOT, "%sencoder.layer.%d.%s", prefix, layer, part);
  }

  /** The layer below tanh: BERT's pooler is part of the encoder, RoBERTa's is part of the head. */
  LinearLayer headDense(ModelFamily family) {
    return linear(family == ModelFamily.ROBERTA ? "classifier.dense" : prefix + "pooler.dense");
  }

  /** The layer that gives the logits. */
  LinearLayer headOutput(ModelFamily family) {
    return linear(family == ModelFamily.ROBERTA ? "classifier.out_proj" : "classifier");
  }

  private static LinearLayer linear(String stem) {
    return new LinearLayer(stem + ".weight", stem + ".bias", Orientation.OUTPUT_INPUT);
  }
}
