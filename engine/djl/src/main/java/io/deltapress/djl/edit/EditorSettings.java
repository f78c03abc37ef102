package io.deltapress.djl.edit;

import java.util.List;

/**
 * What an editor is, and what it is trained for.
 *
 * @param method how its edits are made
 * @param layers globs of the weights it edits; empty for the feed-forward matrices of the last
 *     three blocks
 * @param rank of the matrices of its network, 1 to 4096; no more than a signal has dimensions is
 *     used
 * @param editRate first value of the learned rate of every layer, positive
 * @param editWeight c_e, weight in the training loss of the edits themselves, positive
 * @param localityWeight c_loc, weight in the training loss of what must not change, not negative
 * @param localityPrompts how many prompts that must not change are seen with each edit, positive
 */
public record EditorSettings(
    EditorMethod method,
    List<String> layers,
    int rank,
    double editRate,
    double editWeight,
    double localityWeight,
    int localityPrompts) {

  /** Checks the ranges. */
  public EditorSettings {
    layers = List.copyOf(layers);
    require(rank >= 1 && rank <= 4096, "the rank of an editor must be 1 to 4096");
    require(isPositive(editRate), "the edit rate must be a positive number");
    require(isPositive(editWeight), "the weight of edits must be a positive number");
    require(
        localityWeight == 0 || isPositive(localityWeight),
        "the weight of locality must not be negative");
    require(
        localityPrompts >= 1 && localityPrompts <= 64, "locality prompts per edit must be 1 to 64");
  }

  private static boolean isPositive(double value) {
    return value > 0 && value < Double.POSITIVE_INFINITY;
  }

  private static void require(boolean holds, String rule) {
    if (!holds) {
      throw new IllegalArgumentException(rule);
    }
  }

  /**
   * Gives the defaults of a method.
   *
   * @param method how edits are made
   * @return settings with rank 128
   */
  public static EditorSettings of(EditorMethod method) {
    return new EditorSettings(method, List.of(), 128, 1e-3, method.editWeight(), 1, 4);
  }
}
