package io.deltapress.format.artifact;

import java.util.Optional;

/** How a delta is pruned. */
public enum Method implements WireName {
  /** Random drop, rescaled by 1 - p (Yu et al., ICML 2024). */
  DARE("dare"),
  /** Random drop, rescaled by a factor q of its own (DAREx-q). */
  DAREX_Q("darex-q"),
  /** The smallest magnitudes of each tensor are dropped; nothing is rescaled unless asked for. */
  MAGNITUDE("magnitude"),
  /**
   * The smallest |delta| times norm of the input are dropped in each output row of a linear layer
   * (Sun et al., ICLR 2024); other tensors as by {@link #MAGNITUDE}. Nothing is rescaled unless
   * asked for.
   */
  WANDA("wanda"),
  /** Whole rows and columns of matrices are dropped at random, rescaled as DAREx-q. */
  STRUCTURAL("structural");

  private final String wireName;

  Method(String wireName) {
    this.wireName = wireName;
  }

  @Override
  public String wireName() {
    return wireName;
  }

  /** The method of that wire name, if there is one. */
  public static Optional<Method> of(String wireName) {
    return WireName.find(Method.class, wireName);
  }

  MaskKind mask() {
    return switch (this) {
      case DARE, DAREX_Q -> MaskKind.SEEDED;
      case STRUCTURAL -> MaskKind.STRUCTURAL;
      case MAGNITUDE, WANDA -> MaskKind.STORED;
    };
  }
}
