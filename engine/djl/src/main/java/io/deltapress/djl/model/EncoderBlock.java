package io.deltapress.djl.model;

import ai.djl.ndarray.NDArray;

/**
 * One block of BERT or RoBERTa: attention, then a feed-forward with GELU, each added to what it was
 * given and normalised behind that.
 *
 * <p>Only operations without Number operands are used, because those corrupt gradients.
 */
final class EncoderBlock {

  private final ModelWeights weights;
  private final EncoderNames names;
  private final Projections projections;
  private final int layer;
  private final LayerNorm norm;
  private final Attention attention;

  EncoderBlock(
      ModelWeights weights,
      EncoderConfig config,
      Projections projections,
      int layer,
      LayerNorm norm) {
    this.weights = weights;
    this.names = config.names();
    this.projections = projections;
    this.layer = layer;
    this.norm = norm;
    int heads = config.heads();
    this.attention = new Attention(weights.manager(), heads, heads, config.hiddenSize() / heads);
  }

  /** From [batch, tokens, hidden] to the same shape. */
  NDArray forward(NDArray hidden, NDArray mask) {
    NDArray attended = normed(EncoderParameters.ATTENTION_OUTPUT, hidden.add(attend(hidden, mask)));
    return normed(EncoderParameters.OUTPUT, attended.add(feedForward(attended)));
  }

  private NDArray normed(String part, NDArray hidden) {
    EncoderNames.Norm vectors = names.norm(layer, part);
    return norm.forward(hidden, weights.get(vectors.gain()), weights.get(vectors.shift()));
  }

  private NDArray attend(NDArray input, NDArray mask) {
    NDArray queries = attention.queries(project(input, EncoderParameters.QUERY));
    NDArray keys = attention.keys(project(input, EncoderParameters.KEY));
    NDArray values = attention.keys(project(input, EncoderParameters.VALUE));
    return project(
        attention.mix(queries, keys, values, mask), EncoderParameters.ATTENTION_OUTPUT + ".dense");
  }

  private NDArray feedForward(NDArray input) {
    NDArray inner = project(input, EncoderParameters.INTERMEDIATE).getNDArrayInternal().gelu();
    return project(inner, EncoderParameters.OUTPUT + ".dense");
  }

  private NDArray project(NDArray input, String part) {
    return projections.apply(names.linearLayer(layer, part), input);
  }
}
