package io.deltapress.djl.select;

import io.deltapress.djl.rescale.RescaleStrategy;
import io.deltapress.format.artifact.Method;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A way to prune a delta.
 *
 * @param method how to prune
 * @param strategy how the rescale factor is found; null for the method's own
 */
public record Candidate(Method method, @Nullable RescaleStrategy strategy) {

  /** What is tried, the simplest first: of equals the first is chosen. */
  static final List<Candidate> ALL =
      List.of(
          new Candidate(Method.DARE, null),
          new Candidate(Method.DAREX_Q, RescaleStrategy.GLOBAL),
          new Candidate(Method.DAREX_Q, RescaleStrategy.SHAPED),
          new Candidate(Method.DAREX_Q, RescaleStrategy.ANALYTIC),
          new Candidate(Method.MAGNITUDE, null),
          new Candidate(Method.WANDA, null),
          new Candidate(Method.STRUCTURAL, RescaleStrategy.GLOBAL));

  /**
   * Tells whether it drops at random.
   *
   * @return false if what is kept depends on the values
   */
  public boolean isRandom() {
    return method != Method.MAGNITUDE && method != Method.WANDA;
  }

  /**
   * Names the candidate.
   *
   * @return for instance {@code darex-q, q shaped}
   */
  public String label() {
    return strategy == null
        ? method.wireName()
        : "%s, q %s".formatted(method.wireName(), strategy.wireName());
  }
}
