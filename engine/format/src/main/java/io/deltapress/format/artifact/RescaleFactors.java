package io.deltapress.format.artifact;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The factors q by which kept deltas are divided: one for all tensors, or others for some of them,
 * as DAREx-q per layer has them. Each is positive and finite in binary32.
 *
 * @param common the factor of every tensor without one of its own
 * @param perTensor factors of single tensors, by name; unmodifiable
 */
public record RescaleFactors(double common, SortedMap<String, Double> perTensor) {

  /**
   * @throws IllegalArgumentException if a factor is not positive and finite in binary32
   */
  public RescaleFactors {
    require(common);
    perTensor = Collections.unmodifiableSortedMap(new TreeMap<>(perTensor));
    perTensor.values().forEach(RescaleFactors::require);
  }

  /** The same factor for every tensor. */
  public static RescaleFactors of(double common) {
    return of(common, Map.of());
  }

  /**
   * One factor for all tensors but those that have their own.
   *
   * @param perTensor factors by name of the tensor
   */
  public static RescaleFactors of(double common, Map<String, Double> perTensor) {
    return new RescaleFactors(common, new TreeMap<>(perTensor));
  }

  /** The factor of a tensor. */
  public double factor(String tensor) {
    return perTensor.getOrDefault(tensor, common);
  }

  private static void require(double rescale) {
    float q = (float) rescale;
    if (!(q > 0 && q < Float.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "rescale factor " + rescale + " is not a positive number within the range of binary32");
    }
  }
}
