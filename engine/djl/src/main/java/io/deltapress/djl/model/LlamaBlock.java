package io.deltapress.djl.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import org.jspecify.annotations.Nullable;

/**
 * One decoder block of Llama or Qwen2: attention, then SwiGLU, each behind an RMSNorm and added to
 * the residual stream.
 *
 * <p>Only operations without Number operands are used, because those corrupt gradients.
 */
final class LlamaBlock {

  private final ModelWeights weights;
  private final Projections projections;
  private final LlamaConfig config;
  private final int layer;
  private final RmsNorm norm;
  private final Attention attention;

  LlamaBlock(
      ModelWeights weights, LlamaConfig config, Projections projections, int layer, RmsNorm norm) {
    this.weights = weights;
    this.projections = projections;
    this.config = config;
    this.layer = layer;
    this.norm = norm;
    this.attention =
        new Attention(weights.manager(), config.heads(), config.keyValueHeads(), config.headSize());
  }

  /** From [batch, tokens, hidden] to the same shape. */
  NDArray forward(
      NDArray hidden, PositionTables.Positions positions, @Nullable KeyValueCache cache) {
    NDArray attended = hidden.add(attend(normed("input_layernorm", hidden), positions, cache));
    return attended.add(feedForward(normed("post_attention_layernorm", attended)));
  }

  private NDArray normed(String part, NDArray hidden) {
    return norm.forward(hidden, weights.get(LlamaParameters.ofLayer(layer, part)));
  }

  private NDArray attend(
      NDArray input, PositionTables.Positions positions, @Nullable KeyValueCache cache) {
    NDArray queries = rotated(attention.queries(project(input, "self_attn.q_proj")), positions);
    NDArray keys = rotated(attention.keys(project(input, "self_attn.k_proj")), positions);
    NDArray values = attention.keys(project(input, "self_attn.v_proj"));
    KeyValueCache.Entry seen = new KeyValueCache.Entry(keys, values);
    if (cache != null) {
      seen = cache.append(layer, seen);
    }
    NDArray mixed = attention.mix(queries, seen.keys(), seen.values(), positions.mask());
    return project(mixed, "self_attn.o_proj");
  }

  private NDArray feedForward(NDArray input) {
    NDArray gate = project(input, "mlp.gate_proj");
    NDArray activated = gate.mul(gate.getNDArrayInternal().sigmoid());
    return project(activated.mul(project(input, "mlp.up_proj")), "mlp.down_proj");
  }

  private NDArray project(NDArray input, String part) {
    return projections.apply(LlamaParameters.linearLayer(config, layer, part), input);
  }

  /** Rotary embedding in the half-split layout; the sine table carries the sign. */
  private static NDArray rotated(NDArray heads, PositionTables.Positions positions) {
    NDList halves = heads.split(2, 3);
    NDArray swapped = halves.get(1).concat(halves.get(0), 3);
    return heads.mul(positions.cosines()).add(swapped.mul(positions.sines()));
  }
}
