package io.deltapress.djl.rescale;

import java.util.Arrays;
import java.util.Optional;

/** How rescale factors are found. */
public enum RescaleStrategy {
  /** One factor for all tensors, searched. */
  GLOBAL("global", "q", 31),
  /**
   * One per linear layer, from its delta and mean inputs; eta is searched ({@link
   * AnalyticRescale}).
   */
  ANALYTIC("analytic", "eta", 31),
  /** One per linear layer, in its least-squares shape; beta is searched ({@link ShapedRescale}). */
  SHAPED("shaped", "beta", 11),
  /** One per linear layer, by gradient descent on the output change. */
  GRADIENT("gradient", "step", 21);

  private final String wireName;
  private final String parameter;
  private final int mostTrials;

  RescaleStrategy(String wireName, String parameter, int mostTrials) {
    this.wireName = wireName;
    this.parameter = parameter;
    this.mostTrials = mostTrials;
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
   * Bounds a search, for those who show progress.
   *
   * @return how many values are tried at most
   */
  public int mostTrials() {
    return mostTrials;
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
