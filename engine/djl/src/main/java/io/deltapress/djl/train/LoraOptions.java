package io.deltapress.djl.train;

import java.util.List;

/**
 * A low-rank adapter to be trained (Hu et al., LoRA, 2021): W + (alpha / r) · B · A, of which only
 * A and B change.
 *
 * @param rank r, positive
 * @param alpha of the scale, positive
 * @param targets globs of the linear layers that are adapted, by names such as {@code
 *     model.layers.0.self_attn.q_proj}; none mean all. {@code *} stands for any characters, {@code
 *     ?} for one
 */
public record LoraOptions(int rank, double alpha, List<String> targets) {

  /** Checks the ranges. */
  public LoraOptions {
    if (rank < 1 || rank > 4096) {
      throw new IllegalArgumentException("the rank of an adapter must be 1 to 4096");
    }
    if (!(alpha > 0 && alpha < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("alpha of an adapter must be a positive number");
    }
    targets = List.copyOf(targets);
  }

  /**
   * Adapts every linear layer with the usual alpha, twice the rank.
   *
   * @param rank r, positive
   * @return the options
   */
  public static LoraOptions of(int rank) {
    return new LoraOptions(rank, 2.0 * rank, List.of());
  }
}
