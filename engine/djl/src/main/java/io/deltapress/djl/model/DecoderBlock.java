package io.deltapress.djl.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDScope;
import io.deltapress.djl.memory.TensorRuntime;
import org.jspecify.annotations.Nullable;

/**
 * One decoder block: attention, then SwiGLU, each behind an RMSNorm and added to the residual
 * stream.
 *
 * <p>Only operations without Number operands are used, because those corrupt gradients.
 */
final class DecoderBlock {

  private final ModelWeights weights;
  private final Projections projections;
  private final LlamaConfig config;
  private final int layer;
  private final RmsNorm norm;
  private final NDArray scale;

  DecoderBlock(
      ModelWeights weights, LlamaConfig config, Projections projections, int layer, RmsNorm norm) {
    this.weights = weights;
    this.projections = projections;
    this.config = config;
    this.layer = layer;
    this.norm = norm;
    this.scale =
        TensorRuntime.constant(
            weights.manager(), (float) (1.0 / StrictMath.sqrt(config.headSize())));
    NDScope.unregister(scale);
  }

  /** From [batch, tokens, hidden] to the same shape. */
  NDArray forward(
      NDArray hidden, PositionTables.Positions positions, @Nullable KeyValueCache cache) {
    NDArray attended = hidden.add(attention(normed("input_layernorm", hidden), positions, cache));
    return attended.add(feedForward(normed("post_attention_layernorm", attended)));
  }

  private NDArray normed(String part, NDArray hidden) {
    return norm.forward(hidden, weights.get(LlamaParameters.ofLayer(layer, part)));
  }

  private NDArray attention(
      NDArray input, PositionTables.Positions positions, @Nullable KeyValueCache cache) {
    NDArray queries =
        rotated(heads(project(input, "self_attn.q_proj"), config.heads()), positions).mul(scale);
    NDArray keys =
        rotated(heads(project(input, "self_attn.k_proj"), config.keyValueHeads()), positions);
    NDArray values = heads(project(input, "self_attn.v_proj"), config.keyValueHeads());
    KeyValueCache.Entry seen = new KeyValueCache.Entry(keys, values);
    if (cache != null) {
      seen = cache.append(layer, seen);
    }
    return project(mixed(queries, seen, positions), "self_attn.o_proj");
  }

  /** Query heads of one group are stacked along the tokens, so shared keys are never copied. */
  private NDArray mixed(
      NDArray queries, KeyValueCache.Entry seen, PositionTables.Positions positions) {
    long batch = queries.getShape().get(0);
    long tokens = queries.getShape().get(2);
    long context = seen.keys().getShape().get(2);
    long groups = config.keyValueHeads();
    long perGroup = config.headsPerGroup();
    NDArray scores =
        queries
            .reshape(batch, groups, perGroup * tokens, config.headSize())
            .matMul(seen.keys().transpose(0, 1, 3, 2))
            .reshape(batch, groups, perGroup, tokens, context)
            .add(positions.mask());
    return scores
        .softmax(-1)
        .reshape(batch, groups, perGroup * tokens, context)
        .matMul(seen.values())
        .reshape(batch, config.heads(), tokens, config.headSize())
        .transpose(0, 2, 1, 3)
        .reshape(batch, tokens, (long) config.heads() * config.headSize());
  }

  private NDArray feedForward(NDArray input) {
    NDArray gate = project(input, "mlp.gate_proj");
    NDArray activated = gate.mul(gate.getNDArrayInternal().sigmoid());
    return project(activated.mul(project(input, "mlp.up_proj")), "mlp.down_proj");
  }

  private NDArray project(NDArray input, String part) {
    return projections.apply(LinearLayer.of(LlamaParameters.ofLayer(layer, part)), input);
  }

  /** From [batch, tokens, heads * headSize] to [batch, heads, tokens, headSize]. */
  private NDArray heads(NDArray projected, int count) {
    long batch = projected.getShape().get(0);
    long tokens = projected.getShape().get(1);
    return projected.reshape(batch, tokens, count, config.headSize()).transpose(0, 2, 1, 3);
  }

  /** Rotary embedding in the half-split layout; the sine table carries the sign. */
  private static NDArray rotated(NDArray heads, PositionTables.Positions positions) {
    NDList halves = heads.split(2, 3);
    NDArray swapped = halves.get(1).concat(halves.get(0), 3);
    return heads.mul(positions.cosines()).add(swapped.mul(positions.sines()));
  }
}
