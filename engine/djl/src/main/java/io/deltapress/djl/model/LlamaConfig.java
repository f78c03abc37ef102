package io.deltapress.djl.model;

import ai.djl.ndarray.types.Shape;
import java.util.SortedMap;

/**
 * The shape of a Llama or Qwen2 model, as Hugging Face's {@code config.json} states it.
 *
 * @param family Llama, or Qwen2, which adds biases to queries, keys and values
 * @param vocabularySize number of token ids ({@code vocab_size})
 * @param hiddenSize width of the residual stream ({@code hidden_size})
 * @param intermediateSize width of the SwiGLU feed-forward ({@code intermediate_size})
 * @param layers number of decoder blocks ({@code num_hidden_layers})
 * @param heads number of query heads ({@code num_attention_heads})
 * @param keyValueHeads number of key and value heads, a divisor of {@code heads} ({@code
 *     num_key_value_heads})
 * @param headSize width of one head, even ({@code head_dim})
 * @param normEpsilon added to the mean square in RMSNorm ({@code rms_norm_eps})
 * @param ropeTheta base of the rotary frequencies ({@code rope_theta})
 * @param maxPositions longest sequence ({@code max_position_embeddings})
 * @param tiedEmbeddings whether the output head is the embedding matrix ({@code
 *     tie_word_embeddings})
 * @param beginToken id that starts a sequence ({@code bos_token_id})
 * @param endToken id that ends an answer ({@code eos_token_id})
 */
public record LlamaConfig(
    ModelFamily family,
    int vocabularySize,
    int hiddenSize,
    int intermediateSize,
    int layers,
    int heads,
    int keyValueHeads,
    int headSize,
    double normEpsilon,
    double ropeTheta,
    int maxPositions,
    boolean tiedEmbeddings,
    int beginToken,
    int endToken)
    implements ModelConfig {

  /** Checks what the forward pass relies on. */
  public LlamaConfig {
    if (family != ModelFamily.LLAMA && family != ModelFamily.QWEN2) {
      throw new IllegalArgumentException(family + " is not built like Llama");
    }
    Positive.require("vocab_size", vocabularySize);
    Positive.require("hidden_size", hiddenSize);
    Positive.require("intermediate_size", intermediateSize);
    Positive.require("num_hidden_layers", layers);
    Positive.require("num_attention_heads", heads);
    Positive.require("num_key_value_heads", keyValueHeads);
    Positive.require("head_dim", headSize);
    Positive.require("max_position_embeddings", maxPositions);
    if (heads % keyValueHeads != 0) {
      throw new IllegalArgumentException(
          "num_key_value_heads %d does not divide num_attention_heads %d"
              .formatted(keyValueHeads, heads));
    }
    if (headSize % 2 != 0) {
      throw new IllegalArgumentException(
          "head_dim %d is odd; rotary embeddings need pairs".formatted(headSize));
    }
    if (!(normEpsilon > 0) || !(ropeTheta > 0)) {
      throw new IllegalArgumentException("rms_norm_eps and rope_theta must be positive");
    }
  }

  /**
   * Describes a Llama model; the components are those of the record.
   *
   * @param vocabularySize see there
   * @param hiddenSize see there
   * @param intermediateSize see there
   * @param layers see there
   * @param heads see there
   * @param keyValueHeads see there
   * @param headSize see there
   * @param normEpsilon see there
   * @param ropeTheta see there
   * @param maxPositions see there
   * @param tiedEmbeddings see there
   * @param beginToken see there
   * @param endToken see there
   */
  public LlamaConfig(
      int vocabularySize,
      int hiddenSize,
      int intermediateSize,
      int layers,
      int heads,
      int keyValueHeads,
      int headSize,
      double normEpsilon,
      double ropeTheta,
      int maxPositions,
      boolean tiedEmbeddings,
      int beginToken,
      int endToken) {
    this(
        ModelFamily.LLAMA,
        vocabularySize,
        hiddenSize,
        intermediateSize,
        layers,
        heads,
        keyValueHeads,
        headSize,
        normEpsilon,
        ropeTheta,
        maxPositions,
        tiedEmbeddings,
        beginToken,
        endToken);
  }

  @Override
  public SortedMap<String, Shape> shapes() {
    return LlamaParameters.shapes(this);
  }
}
