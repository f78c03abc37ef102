package io.deltapress.djl.model;

/** Refuses sequences that are longer than a model's positions reach. */
final class SequenceLimit {

  private SequenceLimit() {}

  static void require(int tokens, int maxPositions) {
    if (tokens > maxPositions) {
      throw new IllegalArgumentException(
          "a sequence of %d tokens exceeds max_position_embeddings %d"
              .formatted(tokens, maxPositions));
    }
  }
}
