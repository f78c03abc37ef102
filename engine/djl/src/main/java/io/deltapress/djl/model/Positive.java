package io.deltapress.djl.model;

/** Checks sizes that a configuration states. */
final class Positive {

  private Positive() {}

  static void require(String key, int value) {
    if (value < 1) {
      throw new IllegalArgumentException("%s is %d, must be positive".formatted(key, value));
    }
  }
}
