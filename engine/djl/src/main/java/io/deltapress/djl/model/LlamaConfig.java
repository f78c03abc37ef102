package io.deltapress.djl.model;

import ai.djl.ndarray.types.Shape;
import java.util.SortedMap;

/**
 * The shape of a Llama-family model, as Hugging Face's {@code config.json} states it.
 *
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
    requirePositive("vocab_size", vocabularySize);
    requirePositive("hidden_size", hiddenSize);
    requirePositive("intermediate_size", intermediateSize);
    requirePositive("num_hidden_layers", layers);
    requirePositive("num_attention_heads", heads);
    requirePositive("num_key_value_heads", keyValueHeads);
    requirePositive("head_dim", headSize);
    requirePositive("max_position_embeddings", maxPositions);
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

  @Override
  public ModelFamily family() {
    return ModelFamily.LLAMA;
  }

  @Override
  public SortedMap<String, Shape> shapes() {
    return LlamaParameters.shapes(this);
  }

  /**
   * Says how many query heads share one key and value head.
   *
   * @return heads per key and value head
   */
  public int headsPerGroup() {
    return heads / keyValueHeads;
  }

  private static void requirePositive(String key, int value) {
    if (value < 1) {
      throw new IllegalArgumentException("%s is %d, must be positive".formatted(key, value));
    }
  }
}
