package io.deltapress.djl.train;

import java.util.Locale;
import java.util.Optional;

/**
 * How a fine-tune is held near the weights it starts from, so that its delta may be pruned later:
 * DAREx-L2 and DAREx-L1 (Deng et al., ICLR 2025), by the optimizer AdamR.
 *
 * @param norm of the distance that costs
 * @param strength λ, not negative
 */
public record Regularization(Norm norm, double strength) {

  /** Which distance from the pre-trained weights costs. */
  public enum Norm {
    /** Squares: every delta becomes smaller. */
    L2(0.03),
    /** Magnitudes: most deltas become exactly or nearly 0. */
    L1(0.0003);

    private final double usualStrength;

    Norm(double usualStrength) {
      this.usualStrength = usualStrength;
    }

    /**
     * Gives a strength to begin with.
     *
     * @return what made deltas of the reference models survive pruning (L2 at p = .99 by random
     *     drop, L1 at p = .95 by magnitude) while they still learned their tasks; steps of L1 are
     *     of the same length however near a weight is, hence the smaller number
     */
    public double usualStrength() {
      return usualStrength;
    }

    /**
     * Gives the name by which a person asks for it.
     *
     * @return {@code l2} or {@code l1}
     */
    public String wireName() {
      return name().toLowerCase(Locale.ROOT);
    }

    /**
     * Finds a norm by that name.
     *
     * @param wireName {@code l2} or {@code l1}
     * @return the norm, if there is such one
     */
    public static Optional<Norm> of(String wireName) {
      for (Norm norm : values()) {
        if (norm.wireName().equals(wireName)) {
          return Optional.of(norm);
        }
      }
      return Optional.empty();
    }
  }

  /** Checks the ranges. */
  public Regularization {
    if (!(strength >= 0 && strength < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("strength must be a number that is not negative");
    }
  }
}
