package io.deltapress.djl.model;

import ai.djl.ndarray.NDArray;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A decoder-only transformer of the Llama or Qwen2 family in float32. */
public final class LlamaModel implements LanguageModel {

  private final LlamaConfig config;
  private final ModelWeights weights;
  private final Projections projections;
  private final PositionTables tables;
  private final RmsNorm norm;
  private final List<LlamaBlock> blocks;

  /**
   * Builds the model around weights.
   *
   * @param config the model's shape
   * @param weights the weights, closed with this model
   */
  public LlamaModel(LlamaConfig config, ModelWeights weights) {
    this.config = config;
    this.weights = weights;
    this.projections = new Projections(weights);
    this.tables = new PositionTables(weights.manager(), config);
    this.norm = new RmsNorm(weights, config.normEpsilon());
    this.blocks = new ArrayList<>();
    for (int layer = 0; layer < config.layers(); layer++) {
      blocks.add(new LlamaBlock(weights, config, projections, layer, norm));
    }
  }

  @Override
  public LlamaConfig config() {
    return config;
  }

  @Override
  public ModelWeights weights() {
    return weights;
  }

  @Override
  public int endToken() {
    return config.endToken();
  }

  @Override
  public List<LinearLayer> linearLayers() {
    return LlamaParameters.linearLayers(config);
  }

  @Override
  public void observe(@Nullable LinearObserver observer) {
    projections.observe(observer);
  }

  @Override
  public KeyValueCache newCache() {
    return new KeyValueCache(weights.manager(), config.layers());
  }

  /**
   * Scores every token of whole sequences.
   *
   * @param tokens int64 [batch, tokens]
   * @return unnormalised log-probabilities of the next token, float32 [batch, tokens, vocabulary]
   */
  public NDArray logits(NDArray tokens) {
    return head(run(tokens, 0, null));
  }

  @Override
  public NDArray logits(NDArray tokens, KeyValueCache cache) {
    return head(run(tokens, cache.length(), cache));
  }

  @Override
  public NDArray hidden(TokenBatch batch) {
    return run(batch.ids(weights.manager()), 0, null);
  }

  @Override
  public NDArray logits(TokenBatch batch) {
    return logits(batch.ids(weights.manager()));
  }

  private NDArray head(NDArray hidden) {
    String head = config.tiedEmbeddings() ? LlamaParameters.EMBEDDING : LlamaParameters.HEAD;
    return hidden.matMul(weights.get(head).transpose());
  }

  private NDArray run(NDArray tokens, int first, @Nullable KeyValueCache cache) {
    int count = Math.toIntExact(tokens.getShape().get(1));
    PositionTables.Positions positions = tables.positions(first, count);
    NDArray hidden = Embedding.lookUp(tokens, weights.get(LlamaParameters.EMBEDDING));
    for (LlamaBlock block : blocks) {
      hidden = block.forward(hidden, positions, cache);
    }
    return norm.forward(hidden, weights.get(LlamaParameters.FINAL_NORM));
  }

  @Override
  public void close() {
    tables.close();
    weights.close();
  }
}
