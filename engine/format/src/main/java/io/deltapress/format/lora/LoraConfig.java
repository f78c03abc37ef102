package io.deltapress.format.lora;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How the factors of an adapter make up a delta: scale · B · A, where the scale is alpha / r, or
 * alpha / sqrt(r) if it is rank-stabilised (Kalajdzievski, 2023).
 *
 * @param rank r of most modules, positive
 * @param alpha of most modules, finite
 * @param rankStabilized whether the scale falls with the root of r
 * @param inputsFirst whether the matrices of the base are stored [inputs, outputs], as those of
 *     GPT-2; PEFT calls it {@code fan_in_fan_out}
 * @param rankPattern r of the modules with these names; the first that fits counts
 * @param alphaPattern alpha of the modules with these names; the first that fits counts
 */
public record LoraConfig(
    int rank,
    double alpha,
    boolean rankStabilized,
    boolean inputsFirst,
    Map<String, Integer> rankPattern,
    Map<String, Double> alphaPattern) {
  /** Largest r that is read or written. */
  public static final int MAX_RANK = 1 << 16;

  /**
   * @throws IllegalArgumentException if a number is out of range
   */
  public LoraConfig {
    requireRank(rank);
    requireAlpha(alpha);
    rankPattern.values().forEach(LoraConfig::requireRank);
    alphaPattern.values().forEach(LoraConfig::requireAlpha);
    rankPattern = Collections.unmodifiableMap(new LinkedHashMap<>(rankPattern));
    alphaPattern = Collections.unmodifiableMap(new LinkedHashMap<>(alphaPattern));
  }

  /** The same r and alpha for every module, scaled by alpha / r. */
  public static LoraConfig of(int rank, double alpha, boolean inputsFirst) {
    return new LoraConfig(rank, alpha, false, inputsFirst, Map.of(), Map.of());
  }

  private static void requireRank(int rank) {
    if (rank < 1 || rank > MAX_RANK) {
      throw new IllegalArgumentException("r = " + rank + " is not in 1.." + MAX_RANK);
    }
  }

  private static void requireAlpha(double alpha) {
    if (!Double.isFinite(alpha)) {
      throw new IllegalArgumentException("lora_alpha = " + alpha + " is not finite");
    }
  }

  /** r of a module. */
  public int rankOf(String module) {
    return of(module, rankPattern, rank);
  }

  /** What the product of a module's factors is multiplied by. */
  public double scaleOf(String module) {
    double numerator = of(module, alphaPattern, alpha);
    int r = rankOf(module);
    return rankStabilized ? numerator / StrictMath.sqrt(r) : numerator / r;
  }

  private static <T> T of(String module, Map<String, T> pattern, T otherwise) {
    for (Map.Entry<String, T> entry : pattern.entrySet()) {
      String name = entry.getKey();
      boolean anchored = name.startsWith("^");
      if (anchored ? module.equals(name.substring(1)) : isTail(module, name)) {
        return entry.getValue();
      }
    }
    return otherwise;
  }

  private static boolean isTail(String module, String name) {
    return module.equals(name) || module.endsWith("." + name);
  }
}
