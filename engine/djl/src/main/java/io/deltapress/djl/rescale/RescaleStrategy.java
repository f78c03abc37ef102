package io.deltapress.djl.rescale;

import java.util.Arrays;
import java.util.Optional;

/** How rescale factors are found. */
public enum RescaleStrategy {
  /** One factor for all tensors, searched. */
  GLOBAL("global", "q"),
  /**
   * One per linear layer, from its delta and mean inputs; eta is searched ({@link
   * AnalyticRescale}).
   */
  ANALYTIC("analytic", "eta"),
  /** One per linear layer, in its least-squares shape; beta is searched ({@link ShapedRescale}). */
  SHAPED("shaped", "beta"),
  /** One per linear layer, by gradient descent on the output change. */
  GRADIENT("gradient", "step");

  private final String wireName;
  private final String parameter;

  RescaleStrategy(String wireName, String parameter) {
    this.wireName = wireName;
    this.parameter = parameter;
  }

  /**
   * Names the strategy as options and reports do.
   *
   * @return its name
   */
  public String wireName() {
    return wireName;
  }

  /**
   * Names the scalar that is searched.
   *
   * @return q, eta, beta, or the step of the descent
   */
  public String parameter() {
    return parameter;
  }

  /**
   * Finds a strategy.
   *
   * @param wireName its name
   * @return empty when there is none of that name
   */
  public static Optional<RescaleStrategy> of(String wireName) {
    return Arrays.stream(values()).filter(each -> each.wireName.equals(wireName)).findFirst();
  }
}
