package io.deltapress.djl.edit;

/**
 * Mean negative log-likelihood over all tokens of several texts, each of which weighs as much as it
 * has tokens. Its exponential is the perplexity whose rise MEND calls drawdown (Mitchell et al.,
 * 2022, section 5): a mean over texts, or of perplexities, would be another figure.
 */
final class PooledLoss {

  private double sum;
  private long tokens;

  /**
   * Takes in a text.
   *
   * @param loss mean over its tokens, in nats
   * @param count of its tokens, positive
   */
  void add(double loss, long count) {
    sum += loss * count;
    tokens += count;
  }

  /** Nats per token. */
  double mean() {
    return sum / tokens;
  }
}
