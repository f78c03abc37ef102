package io.deltapress.djl.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.SparseFormat;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A decoder-only transformer of the Llama family in float32.
 *
 * <p>Results belong to the caller's {@link NDScope}: without one they stay attached to the weights'
 * manager. Not safe for use by several threads at once.
 */
public final class LlamaModel implements AutoCloseable {

  private final LlamaWeights weights;
  private final PositionTables tables;
  private final RmsNorm norm;
  private final List<DecoderBlock> blocks;

  /**
   * Builds the model around weights.
   *
   * @param weights the weights, closed with this model
   */
  public LlamaModel(LlamaWeights weights) {
    this.weights = weights;
    this.tables = new PositionTables(weights.manager(), weights.config());
    this.norm = new RmsNorm(weights);
    this.blocks = new ArrayList<>();
    for (int layer = 0; layer < weights.config().layers(); layer++) {
      blocks.add(new DecoderBlock(weights, layer, norm));
    }
  }

  /**
   * Gives the model's shape.
   *
   * @return the configuration
   */
  public LlamaConfig config() {
    return weights.config();
  }

  /**
   * Gives the weights, for reading, training or swapping.
   *
   * @return the weights, owned by this model
   */
  public LlamaWeights weights() {
    return weights;
  }

  /**
   * Opens an empty cache for one batch of sequences.
   *
   * @return the cache, closed by the caller
   */
  public KeyValueCache newCache() {
    return new KeyValueCache(weights.manager(), config().layers());
  }

  /**
   * Scores every token of whole sequences.
   *
   * @param tokens int64 [batch, tokens]
   * @return unnormalised log-probabilities of the next token, float32 [batch, tokens, vocabulary]
   */
  public NDArray logits(NDArray tokens) {
    return run(tokens, 0, null);
  }

  /**
   * Scores tokens that follow those in the cache, and adds them to it.
   *
   * @param tokens int64 [batch, tokens]
   * @param cache what the same sequences held before
   * @return as {@link #logits(NDArray)}, for the given tokens only
   */
  public NDArray logits(NDArray tokens, KeyValueCache cache) {
    return run(tokens, cache.length(), cache);
  }

  private NDArray run(NDArray tokens, int first, @Nullable KeyValueCache cache) {
    int count = Math.toIntExact(tokens.getShape().get(1));
    PositionTables.Positions positions = tables.positions(first, count);
    NDArray embedding = weights.get(LlamaParameters.EMBEDDING);
    NDArray hidden =
        embedding
            .getNDArrayInternal()
            .embedding(tokens, embedding, SparseFormat.DENSE)
            .singletonOrThrow();
    for (DecoderBlock block : blocks) {
      hidden = block.forward(hidden, positions, cache);
    }
    NDArray normed = norm.forward(hidden, weights.get(LlamaParameters.FINAL_NORM));
    return normed.matMul(weights.head().transpose());
  }

  @Override
  public void close() {
    tables.close();
    weights.close();
  }
}
