package io.deltapress.djl.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import org.jspecify.annotations.Nullable;

/**
 * One block of GPT-2: attention, then a feed-forward with GELU, each behind a LayerNorm and added
 * to the residual stream.
 *
 * <p>Only operations without Number operands are used, because those corrupt gradients.
 */
final class Gpt2Block {

  private final ModelWeights weights;
  private final Gpt2Parameters parameters;
  private final Projections projections;
  private final int layer;
  private final LayerNorm norm;
  private final TanhGelu gelu;
  private final Attention attention;

  Gpt2Block(
      ModelWeights weights,
      Gpt2Parameters parameters,
      Projections projections,
      int layer,
      LayerNorm norm,
      TanhGelu gelu) {
    this.weights = weights;
    this.parameters = parameters;
    this.projections = projections;
    this.layer = layer;
    this.norm = norm;
    this.gelu = gelu;
    Gpt2Config config = parameters.config();
    int heads = config.heads();
    this.attention = new Attention(weights.manager(), heads, heads, config.hiddenSize() / heads);
  }

  /** From [batch, tokens, hidden] to the same shape. */
  NDArray forward(NDArray hidden, NDArray mask, @Nullable KeyValueCache cache) {
    NDArray attended = hidden.add(attend(normed("ln_1", hidden), mask, cache));
    return attended.add(feedForward(normed("ln_2", attended)));
  }

  private NDArray normed(String part, NDArray hidden) {
    return norm.forward(
        hidden,
        weights.get(parameters.ofLayer(layer, part + ".weight")),
        weights.get(parameters.ofLayer(layer, part + ".bias")));
  }

  private NDArray attend(NDArray input, NDArray mask, @Nullable KeyValueCache cache) {
    NDList parts = project(input, "attn.c_attn").split(3, 2);
    NDArray queries = attention.queries(parts.get(0));
    KeyValueCache.Entry seen =
        new KeyValueCache.Entry(attention.keys(parts.get(1)), attention.keys(parts.get(2)));
    if (cache != null) {
      seen = cache.append(layer, seen);
    }
    return project(attention.mix(queries, seen.keys(), seen.values(), mask), "attn.c_proj");
  }

  private NDArray feedForward(NDArray input) {
    return project(gelu.forward(project(input, "mlp.c_fc")), "mlp.c_proj");
  }

  private NDArray project(NDArray input, String part) {
    return projections.apply(parameters.linearLayer(layer, part), input);
  }
}
