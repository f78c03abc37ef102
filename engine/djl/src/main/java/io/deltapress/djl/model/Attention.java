package io.deltapress.djl.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import io.deltapress.djl.memory.TensorRuntime;

/**
 * Scaled dot-product attention, softmax(Q Kᵀ / sqrt(headSize) + mask) V (Vaswani et al., 2017,
 * equation 1), of several heads. Key and value heads may be fewer than query heads, which then
 * share them in groups.
 */
final class Attention {

  private final int heads;
  private final int keyValueHeads;
  private final int headSize;
  private final NDArray scale;

  Attention(NDManager manager, int heads, int keyValueHeads, int headSize) {
    this.heads = heads;
    this.keyValueHeads = keyValueHeads;
    this.headSize = headSize;
    this.scale = TensorRuntime.constant(manager, (float) (1.0 / StrictMath.sqrt(headSize)));
    NDScope.unregister(scale);
  }

  /** From [batch, tokens, heads * headSize] to [batch, heads, tokens, headSize]. */
  NDArray queries(NDArray projected) {
    return split(projected, heads);
  }

  /** As {@link #queries}, for keys and values. */
  NDArray keys(NDArray projected) {
    return split(projected, keyValueHeads);
  }

  private NDArray split(NDArray projected, int count) {
    long batch = projected.getShape().get(0);
    long tokens = projected.getShape().get(1);
    return projected.reshape(batch, tokens, count, headSize).transpose(0, 2, 1, 3);
  }

  /**
   * Mixes values by how well their keys fit the queries. Query heads of one group are stacked along
   * the tokens, so shared keys are never copied.
   *
   * @param mask added to the scores [batch, groups, perGroup, tokens, context]; 0 where a token may
   *     look and -infinity where not
   * @return [batch, tokens, heads * headSize]
   */
  NDArray mix(NDArray queries, NDArray keys, NDArray values, NDArray mask) {
    long batch = queries.getShape().get(0);
    long tokens = queries.getShape().get(2);
    long context = keys.getShape().get(2);
    long groups = keyValueHeads;
    long perGroup = heads / keyValueHeads;
    NDArray scores =
        queries
            .mul(scale)
            .reshape(batch, groups, perGroup * tokens, headSize)
            .matMul(keys.transpose(0, 1, 3, 2))
            .reshape(batch, groups, perGroup, tokens, context)
            .add(mask);
    return scores
        .softmax(-1)
        .reshape(batch, groups, perGroup * tokens, context)
        .matMul(values)
        .reshape(batch, heads, tokens, headSize)
        .transpose(0, 2, 1, 3)
        .reshape(batch, tokens, (long) heads * headSize);
  }
}
