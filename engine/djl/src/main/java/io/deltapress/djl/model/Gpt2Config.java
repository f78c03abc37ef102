package io.deltapress.djl.model;

import ai.djl.ndarray.types.Shape;
import io.deltapress.format.tensor.Checkpoint;
import java.util.SortedMap;

/**
 * The shape of a GPT-2 model, as Hugging Face's {@code config.json} states it.
 *
 * @param vocabularySize number of token ids ({@code vocab_size})
 * @param hiddenSize width of the residual stream ({@code n_embd})
 * @param intermediateSize width of the feed-forward ({@code n_inner})
 * @param layers number of blocks ({@code n_layer})
 * @param heads number of heads, a divisor of {@code hiddenSize} ({@code n_head})
 * @param normEpsilon added to the variance in LayerNorm ({@code layer_norm_epsilon})
 * @param maxPositions longest sequence ({@code n_positions})
 * @param tiedEmbeddings whether the output head is the embedding matrix ({@code
 *     tie_word_embeddings})
 * @param endToken id that ends an answer ({@code eos_token_id})
 * @param prefix what names of tensors begin with: {@code transformer.}, or nothing, as in the first
 *     published checkpoints
 */
public record Gpt2Config(
    int vocabularySize,
    int hiddenSize,
    int intermediateSize,
    int layers,
    int heads,
    double normEpsilon,
    int maxPositions,
    boolean tiedEmbeddings,
    int endToken,
    String prefix)
    implements ModelConfig {

  /** What names begin with when the checkpoint was saved with its output head. */
  static final String PREFIX = "transformer.";

  /** Checks what the forward pass relies on. */
  public Gpt2Config {
    Positive.require("vocab_size", vocabularySize);
    Positive.require("n_embd", hiddenSize);
    Positive.require("n_inner", intermediateSize);
    Positive.require("n_layer", layers);
    Positive.require("n_head", heads);
    Positive.require("n_positions", maxPositions);
    if (hiddenSize % heads != 0) {
      throw new IllegalArgumentException(
          "n_head %d does not divide n_embd %d".formatted(heads, hiddenSize));
    }
    if (!(normEpsilon > 0)) {
      throw new IllegalArgumentException("layer_norm_epsilon must be positive");
    }
  }

  @Override
  public ModelFamily family() {
    return ModelFamily.GPT2;
  }

  @Override
  public SortedMap<String, Shape> shapes() {
    return new Gpt2Parameters(this).shapes();
  }

  @Override
  public Gpt2Config spelledAs(Checkpoint checkpoint) {
    boolean bare = checkpoint.tensors().containsKey(Gpt2Parameters.EMBEDDING);
    return new Gpt2Config(
        vocabularySize,
        hiddenSize,
        intermediateSize,
        layers,
        heads,
        normEpsilon,
        maxPositions,
        tiedEmbeddings,
        endToken,
        bare ? "" : PREFIX);
  }
}
