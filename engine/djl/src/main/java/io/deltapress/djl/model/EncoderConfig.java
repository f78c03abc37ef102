package io.deltapress.djl.model;

import ai.djl.ndarray.types.Shape;
import io.deltapress.format.BadInputException;
import io.deltapress.format.tensor.Checkpoint;
import io.deltapress.format.tensor.TensorInfo;
import java.util.Set;
import java.util.SortedMap;

/**
 * The shape of a BERT or RoBERTa classifier, as Hugging Face's {@code config.json} states it.
 *
 * @param family BERT or RoBERTa
 * @param vocabularySize number of token ids ({@code vocab_size})
 * @param hiddenSize width of the residual stream ({@code hidden_size})
 * @param intermediateSize width of the feed-forward ({@code intermediate_size})
 * @param layers number of blocks ({@code num_hidden_layers})
 * @param heads number of heads, a divisor of {@code hiddenSize} ({@code num_attention_heads})
 * @param normEpsilon added to the variance in LayerNorm ({@code layer_norm_eps})
 * @param positionRows rows of the position embedding ({@code max_position_embeddings})
 * @param firstPosition row of the first token: 0 in BERT, behind {@code pad_token_id} in RoBERTa
 * @param segments number of segment ids ({@code type_vocab_size})
 * @param labels number of logits of the head; 1 for a regression
 * @param names how tensors are named
 */
public record EncoderConfig(
    ModelFamily family,
    int vocabularySize,
    int hiddenSize,
    int intermediateSize,
    int layers,
    int heads,
    double normEpsilon,
    int positionRows,
    int firstPosition,
    int segments,
    int labels,
    EncoderNames names)
    implements ModelConfig {

  /** Checks what the forward pass relies on. */
  public EncoderConfig {
    if (!family.isEncoder()) {
      throw new IllegalArgumentException(family + " is no encoder");
    }
    Positive.require("vocab_size", vocabularySize);
    Positive.require("hidden_size", hiddenSize);
    Positive.require("intermediate_size", intermediateSize);
    Positive.require("num_hidden_layers", layers);
    Positive.require("num_attention_heads", heads);
    Positive.require("max_position_embeddings", positionRows - firstPosition);
    Positive.require("type_vocab_size", segments);
    Positive.require("number of labels", labels);
    if (hiddenSize % heads != 0) {
      throw new IllegalArgumentException(
          "num_attention_heads %d does not divide hidden_size %d".formatted(heads, hiddenSize));
    }
    if (firstPosition < 0) {
      throw new IllegalArgumentException("pad_token_id must not be negative");
    }
    if (!(normEpsilon > 0)) {
      throw new IllegalArgumentException("layer_norm_eps must be positive");
    }
  }

  @Override
  public int maxPositions() {
    return positionRows - firstPosition;
  }

  @Override
  public SortedMap<String, Shape> shapes() {
    return new EncoderParameters(this).shapes();
  }

  /**
   * Describes the same encoder under another head.
   *
   * @param count number of logits
   * @return a changed copy
   */
  public EncoderConfig withLabels(int count) {
    return with(count, names);
  }

  private EncoderConfig with(int newLabels, EncoderNames newNames) {
    return new EncoderConfig(
        family,
        vocabularySize,
        hiddenSize,
        intermediateSize,
        layers,
        heads,
        normEpsilon,
        positionRows,
        firstPosition,
        segments,
        newLabels,
        newNames);
  }

  /**
   * Lists the tensors of the classification head, BERT's pooler included.
   *
   * @return four names
   */
  public Set<String> headTensors() {
    return new EncoderParameters(this).head();
  }

  /**
   * Says whether a checkpoint holds the classification head.
   *
   * @param checkpoint what weights are read from; stays the caller's
   * @return true if it can be classified with
   */
  public boolean hasHead(Checkpoint checkpoint) {
    return checkpoint.tensors().containsKey(names.headOutput(family).weight());
  }

  /**
   * {@inheritDoc}
   *
   * <p>The number of labels is that of the head in the checkpoint, if it holds one: a base that was
   * saved without a head keeps its config.json when a fine-tune's delta is applied to it.
   */
  @Override
  public EncoderConfig spelledAs(Checkpoint checkpoint) throws BadInputException {
    EncoderConfig spelled = with(labels, EncoderNames.of(family, checkpoint.tensors().keySet()));
    TensorInfo head = checkpoint.tensors().get(spelled.names.headOutput(family).weight());
    if (head == null || head.shape().dimensions().size() != 2) {
      return spelled;
    }
    return spelled.withLabels(Math.toIntExact(head.shape().dimensions().get(0)));
  }
}
