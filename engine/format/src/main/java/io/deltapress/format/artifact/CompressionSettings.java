package io.deltapress.format.artifact;

import io.deltapress.format.mask.KeepProbability;
import java.util.List;
import java.util.OptionalDouble;

/**
 * How to make an artifact.
 *
 * @param method how to prune
 * @param pruneRate the prune rate p, from 0 to 1
 * @param rescale the factor q by which kept deltas are divided, positive and finite in binary32
 * @param seed of the masks; without effect if they are stored
 * @param values how kept values are written
 * @param include globs of the tensors to prune; none mean all. {@code *} stands for any characters,
 *     {@code ?} for one
 * @param exclude globs of tensors not to prune, even if included. What is not pruned is carried
 *     whole if it differs
 */
public record CompressionSettings(
    Method method,
    double pruneRate,
    double rescale,
    long seed,
    ValueCode values,
    List<String> include,
    List<String> exclude) {

  /**
   * @throws IllegalArgumentException if a number is out of range
   */
  public CompressionSettings {
    KeepProbability.ofPruneRate(pruneRate);
    requireRescale(rescale);
    include = List.copyOf(include);
    exclude = List.copyOf(exclude);
  }

  static void requireRescale(double rescale) {
    float q = (float) rescale;
    if (!(q > 0 && q < Float.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "rescale factor " + rescale + " is not a positive number within the range of binary32");
    }
  }

  /**
   * The factor q that a method takes if none is given: 1 - p for DARE (1 where nothing is kept), 1
   * for magnitude pruning; DAREx-q has none.
   */
  public static OptionalDouble defaultRescale(Method method, double pruneRate) {
    return switch (method) {
      case DARE -> OptionalDouble.of(pruneRate == 1 ? 1 : 1 - pruneRate);
      case DAREX_Q -> OptionalDouble.empty();
      case MAGNITUDE -> OptionalDouble.of(1);
    };
  }

  /** The probability with which a position is kept. */
  public KeepProbability keep() {
    return KeepProbability.ofPruneRate(pruneRate);
  }
}
