package io.deltapress.djl.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A decoder-only transformer of the GPT-2 family (Radford et al., 2019) in float32. */
public final class Gpt2Model implements LanguageModel {

  private final Gpt2Config config;
  private final Gpt2Parameters parameters;
  private final ModelWeights weights;
  private final Projections projections;
  private final CausalMask mask;
  private final LayerNorm norm;
  private final List<Gpt2Block> blocks;

  /**
   * Builds the model around weights.
   *
   * @param config the model's shape
   * @param weights the weights, closed with this model
   */
  public Gpt2Model(Gpt2Config config, ModelWeights weights) {
    this.config = config;
    this.parameters = new Gpt2Parameters(config);
    this.weights = weights;
    this.projections = new Projections(weights);
    this.mask = new CausalMask(weights.manager());
    this.norm = new LayerNorm(weights, config.normEpsilon());
    this.blocks = new ArrayList<>();
    TanhGelu gelu = new TanhGelu(weights.manager());
    for (int layer = 0; layer < config.layers(); layer++) {
      blocks.add(new Gpt2Block(weights, parameters, projections, layer, norm, gelu));
    }
  }

  @Override
  public Gpt2Config config() {
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
    return parameters.linearLayers();
  }

  @Override
  public void observe(@Nullable LinearObserver observer) {
    projections.observe(observer);
  }

  @Override
  public KeyValueCache newCache() {
    return new KeyValueCache(weights.manager(), config.layers());
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
    return head(hidden(batch));
  }

  private NDArray head(NDArray hidden) {
    return hidden.matMul(weights.get(parameters.head()).transpose());
  }

  private NDArray run(NDArray tokens, int first, @Nullable KeyValueCache cache) {
    int count = Math.toIntExact(tokens.getShape().get(1));
    int end = first + count;
    SequenceLimit.require(end, config.maxPositions());
    NDArray positions = weights.get(parameters.positions()).get(new NDIndex(first + ":" + end));
    NDArray hidden = Embedding.lookUp(tokens, weights.get(parameters.embedding())).add(positions);
    NDArray visible = mask.rows(first, count);
    for (Gpt2Block block : blocks) {
      hidden = block.forward(hidden, visible, cache);
    }
    return norm.forward(
        hidden,
        weights.get(parameters.finalNorm("weight")),
        weights.get(parameters.finalNorm("bias")));
  }

  @Override
  public void close() {
    mask.close();
    weights.close();
  }
}
