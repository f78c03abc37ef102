package io.deltapress.djl.rescale;

import io.deltapress.format.artifact.Method;
import io.deltapress.format.mask.KeepProbability;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * How to find rescale factors.
 *
 * @param strategy how
 * @param objective what to look at; the output change if by gradient
 * @param method whose masks are drawn: {@link Method#DAREX_Q}, or {@link Method#STRUCTURAL}
 * @param pruneRate the prune rate p, 0 to 1
 * @param calibration text of the kind the model will see, never that which it is judged by; needed
 *     by all but a global factor found by validation
 * @param validation labelled tasks, never those the model is judged by; needed by validation
 * @param seeds of the masks to average over, at least one
 * @param include globs of the tensors to prune, as for the artifact
 * @param exclude globs of tensors not to prune, as for the artifact
 */
public record RescaleRequest(
    RescaleStrategy strategy,
    RescaleObjective objective,
    Method method,
    double pruneRate,
    @Nullable Path calibration,
    @Nullable Path validation,
    List<Long> seeds,
    List<String> include,
    List<String> exclude) {

  private static final int SEEDS = 4;

  /** Checks that everything needed is there. */
  public RescaleRequest {
    KeepProbability.ofPruneRate(pruneRate);
    seeds = List.copyOf(seeds);
    include = List.copyOf(include);
    exclude = List.copyOf(exclude);
    require(!seeds.isEmpty(), "no mask seed is given");
    require(
        method == Method.DARE || method == Method.DAREX_Q || method == Method.STRUCTURAL,
        method.wireName() + " draws no mask, so its factor cannot be searched");
    if (objective == RescaleObjective.VALIDATION) {
      require(validation != null, "validation needs labelled tasks");
      require(
          strategy != RescaleStrategy.GRADIENT, "a score has no gradient; use the output change");
      calibration = calibration == null ? validation : calibration;
    } else {
      require(calibration != null, "the output change needs calibration text");
      require(
          strategy != RescaleStrategy.GRADIENT || objective == RescaleObjective.OUTPUT_CHANGE,
          "only the output change is descended; choose it as the objective");
    }
  }

  private static void require(boolean fulfilled, String rule) {
    if (!fulfilled) {
      throw new IllegalArgumentException(rule);
    }
  }

  /**
   * Asks for factors that keep outputs where they are, without labels.
   *
   * @param strategy how
   * @param pruneRate the prune rate p
   * @param calibration text of the kind the model will see
   * @param seeds of the masks to average over
   * @return the request, for the tensors that are pruned by default
   */
  public static RescaleRequest byOutputChange(
      RescaleStrategy strategy, double pruneRate, Path calibration, List<Long> seeds) {
    return new RescaleRequest(
        strategy,
        RescaleObjective.OUTPUT_CHANGE,
        Method.DAREX_Q,
        pruneRate,
        calibration,
        null,
        seeds,
        List.of(),
        List.of());
  }

  /**
   * Asks for factors that answer labelled tasks best.
   *
   * @param strategy how; not by gradient
   * @param pruneRate the prune rate p
   * @param validation labelled tasks
   * @param seeds of the masks to average over
   * @return the request, for the tensors that are pruned by default
   */
  public static RescaleRequest byValidation(
      RescaleStrategy strategy, double pruneRate, Path validation, List<Long> seeds) {
    return new RescaleRequest(
        strategy,
        RescaleObjective.VALIDATION,
        Method.DAREX_Q,
        pruneRate,
        null,
        validation,
        seeds,
        List.of(),
        List.of());
  }

  /**
   * Limits what is pruned.
   *
   * @param included globs of the tensors to prune; none mean all
   * @param excluded globs of tensors not to prune
   * @return a request like this one but for the globs
   */
  public RescaleRequest pruning(List<String> included, List<String> excluded) {
    return new RescaleRequest(
        strategy, objective, method, pruneRate, calibration, validation, seeds, included, excluded);
  }

  /**
   * Draws other masks.
   *
   * @param other whose masks
   * @return a request like this one but for the method
   */
  public RescaleRequest with(Method other) {
    return new RescaleRequest(
        strategy, objective, other, pruneRate, calibration, validation, seeds, include, exclude);
  }

  /**
   * Gives the mask of an artifact and three more to average over: one mask alone can mislead by a
   * step of the search.
   *
   * @param artifact seed of the artifact's masks
   * @return four seeds, that of the artifact first
   */
  public static List<Long> seedsOf(long artifact) {
    return LongStream.range(0, SEEDS).mapToObj(i -> artifact + i).toList();
  }
}
